using DistTrain.Cluster.Hosting;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Net.Links;
using DistTrain.Runtime.Training;

namespace DistTrain.Cluster.Worker;

/// <summary>
/// A node's part in one run: the worker actor with its replica, and the buffers that weights arrive in and
/// gradients leave from.
/// </summary>
internal sealed class WorkerRun
{
    /// <summary>What the worker calls the other end, wherever that lives.</summary>
    public static readonly ActorId Coordinator = new("coordinator");

    private readonly ActorId _self;
    private readonly IActorHost _host;
    private readonly NativeBuffer<float> _parameters;
    private readonly List<NativeBuffer<float>> _gradients = [];
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WorkerRun(
        RunId run, ActorId self, IActorHost host, ILink link, long totalCount, IWorkerWatch? watch)
    {
        (Run, _self, _host) = (run, self, host);
        _parameters = new NativeBuffer<float>(totalCount);
        Plane = new LinkPlane(run, self, host, link, _parameters, Gradient, watch);
    }

    public RunId Run { get; }

    public LinkPlane Plane { get; }

    /// <summary>Starts the worker actor and waits until its replica is built.</summary>
    /// <exception cref="Core.DistTrainException">The engine cannot build it, or not compute so.</exception>
    public static async Task<WorkerRun> StartAsync(
        RunId run, NodeHost host, ActorId self, ILink link, PreparedInputs inputs, IEngine engine,
        string device, TimeProvider time, IWorkerWatch? watch)
    {
        engine.RequirePrecision(inputs.Job.Precision, device);
        ParameterLayout layout = engine.LayoutOf(inputs.Model);
        var part = new WorkerRun(run, self, host, link, layout.TotalCount, watch);
        host.Attach(Coordinator, message => link.TrySend(new RunMessage(run, message)));
        host.Start(
            self, ActorPlacement.OwnThread,
            () => part.CreateActor(inputs, engine, device, layout.ParameterCount, time));
        try
        {
            await part._ready.Task;
            return part;
        }
        catch
        {
            await part.StopAsync();
            throw;
        }
    }

    /// <summary>A message of the run for its worker.</summary>
    public void Deliver(IMessage message) => _host.Tell(_self, message);

    /// <summary>
    /// Ends the actor once it has handled what it holds; the memory goes when nothing of it is under way on
    /// the link any more.
    /// </summary>
    public async Task StopAsync()
    {
        Task quiet = Plane.CloseAsync();
        await _host.StopAsync(_self);
        _ = quiet.ContinueWith(_ => FreeMemory(), TaskScheduler.Default);
    }

    private WorkerActor CreateActor(
        PreparedInputs inputs, IEngine engine, string device, long parameterCount, TimeProvider time)
    {
        try
        {
            JobSpec job = inputs.Job;
            var options = new ReplicaOptions(
                inputs.Model, job.Loss.Kind, job.Loss.LabelSmoothing, device, job.Threads)
            {
                Precision = job.Precision,
                Deterministic = job.Deterministic,
            };
            IReplica replica = engine.CreateReplica(options, _parameters);
            bool augments = job.Dataset.Augment.Crop > 0 || job.Dataset.Augment.Flip;
            IDataset dataset = inputs.Dataset;
            TrainingPlan plan = TrainingSession.PlanOf(job, dataset);
            var work = new ShardWork(
                plan, job.Seed, dataset, dataset.Classes > 0 ? 0 : inputs.Model.Outputs, augments, replica,
                parameterCount, Gradient);
            var actor = new WorkerActor(
                _self, Coordinator, _host, new WorkerMachine(_self, Coordinator, plan), Plane, work,
                time);
            _ready.SetResult();
            return actor;
        }
        catch (Exception fault)
        {
            _ready.TrySetException(fault);
            throw;
        }
    }

    /// <summary>Called on the worker's thread alone.</summary>
    private NativeBuffer<float> Gradient(int buffer)
    {
        while (_gradients.Count <= buffer)
        {
            _gradients.Add(new NativeBuffer<float>(_parameters.Length));
        }
        return _gradients[buffer];
    }

    private void FreeMemory()
    {
        _parameters.Dispose();
        _gradients.ForEach(buffer => buffer.Dispose());
    }
}

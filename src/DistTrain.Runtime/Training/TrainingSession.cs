using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Core.Sharding;
using DistTrain.Core.State;
using DistTrain.Runtime.Actors;
using DistTrain.Runtime.InProcess;

namespace DistTrain.Runtime.Training;

/// <summary>What a run on one machine is made of.</summary>
/// <param name="Job">The effective job.</param>
/// <param name="Dataset">Loaded, shared by all workers.</param>
/// <param name="Model">Planned for that data.</param>
/// <param name="Engine">Builds the replicas.</param>
/// <param name="Device">A <see cref="DeviceList"/>: workers take its devices in turn.</param>
/// <param name="Workers">Worker actors to start.</param>
/// <param name="State">Tensors to train: fresh ones, or a checkpoint's.</param>
/// <param name="Progress">Where they stand.</param>
/// <param name="Storage">Checkpoints; null: nothing is saved.</param>
/// <param name="Observer">Watches.</param>
public sealed record SessionParts(
    JobSpec Job, IDataset Dataset, ModelPlan Model, IEngine Engine, string Device, int Workers,
    TrainingState State, TrainingProgress Progress, IRunStorage? Storage, IRunObserver Observer);

/// <summary>
/// A run on one machine: a coordinator and its workers as actors of one host, sharing one parameter buffer.
/// </summary>
public static class TrainingSession
{
    private static readonly ActorId Coordinator = new("coordinator");

    /// <summary>
    /// About thirty microseconds: longer than a hop between two threads, shorter than a scheduler's turn.
    /// </summary>
    private const int SpinsWithRoomToSpare = 400;

    /// <summary>The arithmetic of a job on a data set.</summary>
    public static TrainingPlan PlanOf(JobSpec job, IDataset dataset)
        => new(job, dataset.Train.Count, dataset.Validation?.Count ?? 0, dataset.Test?.Count ?? 0);

    /// <summary>
    /// Trains to the end, to early stopping, to failure, or until <paramref name="interrupt"/> fires.
    /// </summary>
    public static async Task<RunOutcome> RunAsync(
        SessionParts parts, TimeProvider time, CancellationToken interrupt)
    {
        bool roomToSpare = parts.Workers * parts.Job.Threads <= Environment.ProcessorCount;
        await using var host = new InProcessHost(time, roomToSpare ? SpinsWithRoomToSpare : 0);
        return await RunAsync(parts, host, time, interrupt);
    }

    /// <summary>
    /// The same on a host of the caller's, which is left as it was found: the run's actors are stopped.
    /// </summary>
    public static async Task<RunOutcome> RunAsync(
        SessionParts parts, IActorHost host, TimeProvider time, CancellationToken interrupt)
    {
        JobSpec job = parts.Job;
        TrainingPlan plan = PlanOf(job, parts.Dataset);
        ActorId[] workers = [.. Enumerable.Range(0, parts.Workers).Select(i => new ActorId($"worker-{i}"))];
        var outcome = new TaskCompletionSource<RunOutcome>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        var end = new ActorId("session");
        using var board = new GradientBoard(parts.State.Layout.TotalCount);
        // Gone before the buffers that they compute in.
        await using var actors = new RunActors(host, [Coordinator, end, .. workers]);
        var crew = new SliceCrew(host, workers, parts.State.Layout.TotalCount);
        var tree = new ReductionTree(job.Batch.Shards);
        var aggregator = new TreeAggregator(
            parts.State, source => board[source.Worker, source.Buffer], tree, crew);
        parts.Observer.OnStarted(new RunStarted(
            job, parts.Workers, plan.StepsPerEpoch, plan.TrainingSamples, plan.ValidationSamples,
            parts.State.Layout.ParameterCount, parts.Engine.Description,
            parts.Progress.Step > 0 ? parts.Progress.Step : null));

        host.Start(Coordinator, ActorPlacement.Shared, () => new CoordinatorActor(
            Coordinator, host, new CoordinatorMachine(job, plan, parts.Progress, parts.Workers), parts.State,
            aggregator, new SharedMemoryPlane(Coordinator, Coordinator, host), parts.Storage, parts.Observer,
            time, work => work(), new OutcomeOwner(outcome)));
        host.Start(end, ActorPlacement.Shared, () => new FaultRelay(outcome));
        host.Watch(end, Coordinator);
        DeviceList devices = DeviceList.Parse(parts.Device);
        foreach ((int index, ActorId worker) in workers.Index())
        {
            host.Start(worker, ActorPlacement.OwnThread, () => new WorkerActor(
                worker, Coordinator, host, new WorkerMachine(worker, Coordinator, plan),
                new SharedMemoryPlane(worker, Coordinator, host),
                WorkOf(worker, devices.Of(index), plan, parts, board), time));
            host.Watch(end, worker);
        }
        foreach (ActorId worker in workers)
        {
            host.Tell(Coordinator, new WorkerJoined(worker, Speed: 1));
        }
        await using CancellationTokenRegistration registration = interrupt.Register(
            () => host.Tell(Coordinator, new StopRequested("interrupted")));
        return await outcome.Task;
    }

    private static ShardWork WorkOf(
        ActorId worker, string device, TrainingPlan plan, SessionParts parts, GradientBoard board)
    {
        JobSpec job = parts.Job;
        var options = new ReplicaOptions(
            parts.Model, job.Loss.Kind, job.Loss.LabelSmoothing, device, job.Threads)
        {
            Precision = job.Precision,
            Deterministic = job.Deterministic,
        };
        IReplica replica = parts.Engine.CreateReplica(options, parts.State.Parameters);
        bool augments = job.Dataset.Augment.Crop > 0 || job.Dataset.Augment.Flip;
        int targets = parts.Dataset.Classes > 0 ? 0 : parts.Model.Outputs;
        return new ShardWork(
            plan, job.Seed, parts.Dataset, targets, augments, replica,
            parts.State.Layout.ParameterCount, buffer => board[worker, buffer]);
    }

    private sealed class RunActors(IActorHost host, IReadOnlyList<ActorId> actors) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Task.WhenAll(actors.Select(host.StopAsync));
    }

    private sealed class OutcomeOwner(TaskCompletionSource<RunOutcome> outcome) : IRunOwner
    {
        public void OnFinished(RunOutcome result) => outcome.TrySetResult(result);

        public void OnWorkerReleased(ActorId worker) { }
    }

    /// <summary>
    /// In one process a dead actor is a fault of the program or of the machine, not of a network: the run
    /// ends with its exception instead of carrying on without it.
    /// </summary>
    private sealed class FaultRelay(TaskCompletionSource<RunOutcome> outcome) : IActor
    {
        public void Receive(IMessage message)
        {
            if (message is ActorStopped { Fault: { } fault })
            {
                outcome.TrySetException(fault is DistTrainException
                    ? fault
                    : new InvalidOperationException($"an actor failed: {fault.Message}", fault));
            }
        }

        public void Dispose() { }
    }
}

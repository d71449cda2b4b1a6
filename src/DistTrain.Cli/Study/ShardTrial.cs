using System.Diagnostics;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.LibTorch;
using DistTrain.Study.Capacity;

namespace DistTrain.Cli.Study;

/// <summary>
/// Tries one shard size in this process: every worker, on a thread of its own, takes the same number of
/// samples forward and backward at the same time, as the workers of a run do. What a run shares, weights and
/// data, is shared here.
/// </summary>
internal sealed class ShardTrial(JobSpec job, IDataset dataset, string device, int shard, int workers)
{
    /// <summary>Passes that are timed: for this long, and never fewer than two.</summary>
    private static readonly TimeSpan Timed = TimeSpan.FromMilliseconds(400);

    private const int FewestPasses = 2;

    /// <exception cref="Core.DistTrainException">The engine reports an error.</exception>
    public ProbeResult.Measured Run()
    {
        ModelPlan model = ModelPlanner.Plan(job.Model, dataset.Shape, Math.Max(dataset.Classes, 1));
        using var engine = new LibTorchEngine(device);
        ParameterLayout layout = engine.LayoutOf(model);
        using var parameters = new NativeBuffer<float>(layout.TotalCount);
        if (!engine.TryReadInitialValues(model, parameters))
        {
            Initialisation.Fill(layout, job.Seed, parameters);
        }

        using var barrier = new Barrier(workers);
        (int Passes, double Seconds)[] timed = new (int, double)[workers];
        Exception?[] faults = new Exception?[workers];
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(worker => new Thread(() =>
        {
            try
            {
                timed[worker] = Work(engine, model, parameters, layout, barrier);
            }
            catch (Exception fault)
            {
                faults[worker] = fault;
                barrier.RemoveParticipant(); // The others must not wait for it.
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        if (faults.FirstOrDefault(fault => fault is not null) is { } first)
        {
            throw first;
        }

        using var self = Process.GetCurrentProcess();
        return new ProbeResult.Measured(
            timed.Sum(t => t.Passes * (double)shard / t.Seconds), self.PeakWorkingSet64,
            timed.Max(t => t.Seconds / t.Passes));
    }

    private (int Passes, double Seconds) Work(
        LibTorchEngine engine, ModelPlan model, NativeBuffer<float> parameters, ParameterLayout layout,
        Barrier barrier)
    {
        using IReplica replica = engine.CreateReplica(
            new ReplicaOptions(model, job.Loss.Kind, job.Loss.LabelSmoothing, device, job.Threads),
            parameters);
        using var gradient = new NativeBuffer<float>(layout.TotalCount);
        using var batch = new MicroBatch(shard, dataset.Shape, dataset.Classes > 0 ? 0 : model.Outputs);
        // A shard larger than the set takes samples twice; their cost is the same.
        dataset.Train.Gather(
            [.. Enumerable.Range(0, shard).Select(i => i % dataset.Train.Count)], null, batch);
        replica.RefreshParameters();
        replica.ComputeGradient(batch, randomSeed: 1, gradient);
        barrier.SignalAndWait();
        long started = Stopwatch.GetTimestamp();
        int passes = 0;
        while (passes < FewestPasses || Stopwatch.GetElapsedTime(started) < Timed)
        {
            replica.ComputeGradient(batch, randomSeed: 1, gradient);
            passes++;
        }

        return (passes, Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}

using System.Diagnostics;
using DistTrain.Cli.Engines;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Study.Capacity;

namespace DistTrain.Cli.Study;

/// <summary>
/// Tries one shard size in this process: every worker, on a thread of its own, takes the same number of
/// samples forward and backward at the same time, as the workers of a run do. What a run shares, weights and
/// data, is shared here.
/// </summary>
internal sealed class ShardTrial(JobSpec job, IDataset dataset, string device, int shard, int workers)
{
    /// <summary>
    /// Passes are timed in so many blocks of this length, and the fastest block counts: whatever else the
    /// machine does can only slow one down.
    /// </summary>
    private static readonly TimeSpan Block = TimeSpan.FromMilliseconds(120);

    private const int Blocks = 5;

    /// <exception cref="Core.DistTrainException">The engine reports an error.</exception>
    public ProbeResult.Measured Run()
    {
        ModelPlan model = ModelPlanner.Plan(job.Model, dataset.Shape, Math.Max(dataset.Classes, 1));
        using var engine = new ProgramEngine(device);
        engine.RequirePrecision(job.Precision, device);
        DeviceList devices = DeviceList.Parse(device);
        ParameterLayout layout = engine.LayoutOf(model);
        using var parameters = new NativeBuffer<float>(layout.TotalCount);
        if (!engine.TryReadInitialValues(model, job.Seed, parameters))
        {
            Initialisation.Fill(layout, job.Seed, parameters);
        }

        using var barrier = new Barrier(workers);
        double[] passSeconds = new double[workers];
        Exception?[] faults = new Exception?[workers];
        Thread[] threads = [.. Enumerable.Range(0, workers).Select(worker => new Thread(() =>
        {
            try
            {
                passSeconds[worker] = Work(
                    engine, devices.Of(worker), model, parameters, layout, barrier);
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
            passSeconds.Sum(seconds => shard / seconds), self.PeakWorkingSet64, passSeconds.Max());
    }

    /// <summary>Seconds of one pass.</summary>
    private double Work(
        ProgramEngine engine, string on, ModelPlan model, NativeBuffer<float> parameters,
        ParameterLayout layout, Barrier barrier)
    {
        using IReplica replica = engine.CreateReplica(
            new ReplicaOptions(model, job.Loss.Kind, job.Loss.LabelSmoothing, on, job.Threads)
            {
                Precision = job.Precision,
                Deterministic = job.Deterministic,
            },
            parameters);
        using var gradient = new NativeBuffer<float>(layout.TotalCount);
        using var batch = new MicroBatch(shard, dataset.Shape, dataset.Classes > 0 ? 0 : model.Outputs);
        // A shard larger than the set takes samples twice; their cost is the same.
        dataset.Train.Gather(
            [.. Enumerable.Range(0, shard).Select(i => i % dataset.Train.Count)], null, batch);
        replica.RefreshParameters();
        replica.ComputeGradient(batch, randomSeed: 1, gradient);
        barrier.SignalAndWait();
        double fastest = double.PositiveInfinity;
        for (int block = 0; block < Blocks; block++)
        {
            long started = Stopwatch.GetTimestamp();
            int passes = 0;
            do
            {
                replica.ComputeGradient(batch, randomSeed: 1, gradient);
                passes++;
            }
            while (Stopwatch.GetElapsedTime(started) < Block);
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(started).TotalSeconds / passes);
        }

        return fastest;
    }
}

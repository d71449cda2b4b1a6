using System.Diagnostics;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.LibTorch.Tests.Contract;

/// <summary>
/// More than one thread per worker: the same bits run to run, and no more threads than asked for.
/// To be run alone, for the BLAS's bound is one for the process.
/// </summary>
public abstract class ThreadsContract<TEngine> where TEngine : IEngineUnderTest
{
    [SkippableTheory]
    [InlineData("mlp", 1, 28, 64)]
    [InlineData("cnn", 1, 28, 16)]
    [InlineData("resnet8", 3, 32, 16)]
    public void Two_threads_give_the_same_bits_run_to_run(string preset, int channels, int size, int samples)
    {
        var engine = TEngine.Open();
        using var test = new ReferenceCase(
            new ModelSpec { Preset = preset, Dropout = 0.2 }, SampleShape.Image(channels, size, size), 10,
            samples);
        float[] alone = Work(engine, test, threads: 1).Gradient;
        float[] first = Work(engine, test, threads: 2).Gradient;

        for (int i = 0; i < 5; i++)
        {
            Work(engine, test, threads: 2).Gradient.ShouldBe(first);
        }

        foreach (var slot in test.Layout.Slots)
        {
            var one = alone.AsSpan((int)slot.Offset, (int)slot.Length).ToArray();
            var two = first.AsSpan((int)slot.Offset, (int)slot.Length).ToArray();
            double worst = one.Zip(two, (a, b) => Math.Abs((double)a - b)).Max();
            (worst / one.Max(Math.Abs)).ShouldBeLessThan(1e-5, slot.Name);
        }
    }

    // OpenMP, the BLAS and libtorch's pthreadpool (idle here) may each keep a pool: three per extra thread.
    [SkippableTheory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 2, 4)]
    [InlineData(3, 3, 7)]
    public void A_replica_starts_no_more_threads_than_it_may(int threads, int atLeast, int atMost)
    {
        Skip.IfNot(Directory.Exists("/proc/self/task"), "threads are counted in /proc, which is not here");
        var engine = TEngine.Open();
        using var test = new ReferenceCase(
            new ModelSpec { Preset = "cnn" }, SampleShape.Image(1, 28, 28), 10, 16);

        Work(engine, test, threads).Threads.ShouldBeInRange(atLeast, atMost);
    }

    /// <summary>
    /// Computes on a thread of a name of its own. What that thread starts inherits the name, so threads of
    /// that name are the replica's, whatever else goes on in the process.
    /// </summary>
    private static (float[] Gradient, int Threads) Work(
        IEngine engine, ReferenceCase test, int threads)
    {
        string name = $"dt-{Stopwatch.GetTimestamp() % 1_000_000_000}";
        float[] bits = [];
        int count = 0;
        var worker = new Thread(() =>
        {
            var options = test.Options with { Threads = threads };
            using var replica = engine.CreateReplica(options, test.Parameters);
            using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
            using var batch = test.Batch(0, test.Labels.Length);
            for (int i = 0; i < 3; i++)
            {
                replica.ComputeGradient(batch, 1, gradient);
            }

            replica.Evaluate(batch);
            bits = gradient.Span.ToArray();
            count = Directory.Exists("/proc/self/task") ? CountOf(name) : 0;
        })
        { Name = name };
        worker.Start();
        worker.Join();
        return (bits, count);
    }

    private static int CountOf(string name) => Directory.GetDirectories("/proc/self/task").Count(task =>
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd() == name;
        }
        catch (IOException)
        {
            return false; // It has ended since the folder was listed.
        }
    });
}

using System.Reflection;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace DistTrain.Benchmarks;

/// <summary>Bytes per second of a finished benchmark.</summary>
internal static class Bandwidth
{
    /// <summary>10⁹ bytes per second at the median; null where nothing was measured.</summary>
    internal static double? GigabytesPerSecond(Summary summary, BenchmarkCase benchmark)
    {
        double? nanoseconds = summary[benchmark]?.ResultStatistics?.Median;
        return nanoseconds is > 0 && !IsTimed(benchmark) ? BytesOf(benchmark) / nanoseconds : null;
    }

    /// <summary>Memory does not bound it: its time counts, and no bytes per second.</summary>
    internal static bool IsTimed(BenchmarkCase benchmark)
        => !benchmark.Descriptor.Type.IsSubclassOf(typeof(KernelBenchmarks));

    /// <summary>Elements of the vectors a benchmark runs over.</summary>
    internal static int ElementsOf(BenchmarkCase benchmark)
        => (int)benchmark.Parameters[nameof(KernelBenchmarks.Elements)];

    private static double BytesOf(BenchmarkCase benchmark)
    {
        MethodInfo method = benchmark.Descriptor.WorkloadMethod;
        int bytes = method.GetCustomAttribute<TrafficAttribute>()?.BytesPerElement
            ?? throw new InvalidOperationException($"{method.Name} does not say what it moves.");
        return (double)bytes * ElementsOf(benchmark);
    }
}

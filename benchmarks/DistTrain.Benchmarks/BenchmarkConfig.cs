using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;

namespace DistTrain.Benchmarks;

/// <summary>
/// How long to measure. Both jobs report bytes per second, for these kernels are bound by memory.
/// </summary>
internal static class BenchmarkConfig
{
    /// <summary>BenchmarkDotNet's defaults, a process per benchmark, with its reports.</summary>
    internal static IConfig Full() => DefaultConfig.Instance.AddColumn(new BandwidthColumn());

    /// <summary>
    /// A few short iterations in this process and nothing printed but the table at the end.
    /// </summary>
    internal static IConfig Quick()
    {
        Job job = Job.ShortRun
            .WithToolchain(InProcessNoEmitToolchain.Instance)
            .WithWarmupCount(3)
            .WithIterationCount(7)
            .WithIterationTime(Perfolizer.Horology.TimeInterval.FromMilliseconds(100));
        return new ManualConfig()
            .AddJob(job)
            .AddLogger(NullLogger.Instance)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddColumn(new BandwidthColumn())
            .WithOptions(ConfigOptions.DisableLogFile | ConfigOptions.JoinSummary);
    }
}

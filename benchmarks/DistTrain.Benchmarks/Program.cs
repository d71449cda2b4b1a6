using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using DistTrain.Benchmarks;

const string Help = """
    DistTrain.Benchmarks [--quick] [options of BenchmarkDotNet]

    Bytes per second of the tree sum and the optimizer steps, beside a plain copy, and what it costs a
    coordinator to tell of a step.
      --quick               every kernel in under two minutes, and nothing but the table
      --filter '*Tree*'     only kernels whose name matches
      --list flat           the names
    """;

if (args is ["--help"] or ["-h"])
{
    Console.WriteLine(Help);
    return 0;
}
string[] rest = [.. args.Where(argument => argument != "--quick")];
IConfig config = rest.Length < args.Length ? BenchmarkConfig.Quick() : BenchmarkConfig.Full();
BenchmarkSwitcher switcher = BenchmarkSwitcher.FromTypes(
    [typeof(CopyBenchmarks), typeof(TreeSumBenchmarks), typeof(OptimizerBenchmarks),
        typeof(ObserverBenchmarks)]);
Summary[] summaries =
    [.. rest.Length == 0 ? switcher.RunAll(config) : switcher.Run(rest, config)];
bool isWhole = BandwidthTable.Print(summaries) & TimeTable.Print(summaries);
return isWhole && summaries.Length > 0 ? 0 : 1;

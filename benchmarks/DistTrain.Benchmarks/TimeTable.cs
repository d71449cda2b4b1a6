using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace DistTrain.Benchmarks;

/// <summary>What is judged by its time and by what it allocates: microseconds a call.</summary>
internal static class TimeTable
{
    /// <summary>Prints one table, if there are such benchmarks. False when one gave no result.</summary>
    internal static bool Print(IEnumerable<Summary> summaries)
    {
        List<(BenchmarkCase Case, BenchmarkReport? Report)> rows =
        [
            .. summaries.SelectMany(summary => summary.BenchmarksCases.Where(Bandwidth.IsTimed).Select(
                one => (one, summary[one]))),
        ];
        if (rows.Count == 0)
        {
            return true;
        }
        Console.WriteLine();
        Console.WriteLine("| a step's              | workers |       µs | bytes allocated |");
        Console.WriteLine("|-----------------------|--------:|---------:|----------------:|");
        foreach ((BenchmarkCase one, BenchmarkReport? report) in rows)
        {
            string time = Number(report?.ResultStatistics?.Median / 1000, "0.00");
            string bytes = Number(report?.GcStats.GetBytesAllocatedPerOperation(one), "0");
            string name = one.Descriptor.WorkloadMethod.Name;
            Console.WriteLine($"| {name,-21} | {one.Parameters["Workers"],7} | {time,8} | {bytes,15} |");
        }
        return rows.TrueForAll(row => row.Report?.ResultStatistics is not null);
    }

    private static string Number(double? value, string format)
        => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}

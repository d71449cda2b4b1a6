using System.Globalization;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace DistTrain.Benchmarks;

/// <summary>
/// The one table that answers the question: how close does each kernel come to a plain copy?
/// </summary>
internal static class BandwidthTable
{
    /// <summary>Prints a table per vector size. False when a benchmark gave no result.</summary>
    internal static bool Print(IEnumerable<Summary> summaries)
    {
        List<Row> rows =
        [
            .. summaries.SelectMany(summary => summary.BenchmarksCases, RowOf).OfType<Row>(),
        ];
        foreach (IGrouping<int, Row> size in rows.GroupBy(row => row.Elements).OrderBy(group => group.Key))
        {
            Row? yardstick = size.FirstOrDefault(row => row.Kernel == nameof(CopyBenchmarks.Copy));
            double? copy = yardstick?.GigabytesPerSecond;
            Console.WriteLine();
            Console.WriteLine($"{size.Key:N0} elements ({size.Key * 4 / 1e6:0.#} MB a vector)");
            Console.WriteLine("| kernel               |   GB/s | ratio to copy |");
            Console.WriteLine("|----------------------|-------:|--------------:|");
            // A stable sort: classes together, kernels as they are written, the yardstick first.
            foreach (Row row in size.OrderBy(row => row.Class, StringComparer.Ordinal))
            {
                string rate = Number(row.GigabytesPerSecond, "0.0");
                string ratio = Number(row.GigabytesPerSecond / copy, "0.00");
                Console.WriteLine($"| {row.Kernel,-20} | {rate,6} | {ratio,13} |");
            }
        }
        return rows.TrueForAll(row => row.GigabytesPerSecond is not null);
    }

    private static Row? RowOf(Summary summary, BenchmarkCase benchmark)
        => Bandwidth.IsTimed(benchmark)
            ? null
            : new Row(
                benchmark.Descriptor.Type.Name, benchmark.Descriptor.WorkloadMethod.Name,
                Bandwidth.ElementsOf(benchmark), Bandwidth.GigabytesPerSecond(summary, benchmark));

    private static string Number(double? value, string format)
        => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";

    private sealed record Row(string Class, string Kernel, int Elements, double? GigabytesPerSecond);
}

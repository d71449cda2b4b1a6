using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DistTrain.Compare.Processes;
using DistTrain.Compare.Reporting;

namespace DistTrain.Compare.Metrics;

/// <summary>
/// What metrics cost a run: samples per second with them over those without, of neighbouring blocks of steps
/// of one process. A round is a process of its own.
/// </summary>
internal static class MetricsSection
{
    public const string Name = "metrics";
    private const string RoleName = "metered";
    private const int Pairs = 60;

    private sealed record MetricsCase(int Batch, int StepsPerBlock)
    {
        public string Name => $"metrics:mlp:{Batch}";

        /// <summary>Blocks of half a second or so.</summary>
        public static IReadOnlyList<MetricsCase> All { get; } = [new(64, 400), new(256, 150)];
    }

    public static async Task RunAsync(Bench bench)
    {
        MetricsCase[] cases = bench.Chosen(MetricsCase.All, one => one.Name);
        if (cases.Length == 0)
        {
            return;
        }
        var table = new MarkdownTable(
            "<model", "batch", "pairs of blocks", "scrapes", "samples/s on over off, median", "mean",
            "95 % of the mean");
        foreach (MetricsCase one in cases)
        {
            List<double> ratios = [];
            int scrapes = 0;
            for (int round = 1; round <= bench.Rounds; round++)
            {
                bench.Progress($"{one.Name}: round {round} of {bench.Rounds}");
                JsonNode measured = await MeasureAsync(bench, one);
                ratios.AddRange(measured["ratios"]!.AsArray().Select(ratio => (double)ratio!));
                scrapes += (int)measured["scrapes"]!;
            }
            Spread spread = Spread.Of(ratios);
            Interval mean = Interval.OfMean(ratios);
            table.Add(
                "mlp", $"{one.Batch}", $"{ratios.Count}", $"{scrapes}", Text(spread.Median), Text(mean.Mean),
                $"{Text(mean.Lower)} – {Text(mean.Upper)}");
            bench.Case(one.Name, new JsonObject
            {
                ["pairs"] = ratios.Count,
                ["median"] = spread.Median,
                ["mean"] = mean.Mean,
                ["lower"] = mean.Lower,
                ["upper"] = mean.Upper,
            });
        }
        Console.WriteLine($"\nSamples per second with metrics over those without\n\n{table}");
    }

    /// <summary>The part that a process of its own plays.</summary>
    public static Command Role()
    {
        var numbers = new Argument<int[]>("batch steps pairs") { Arity = new ArgumentArity(3, 3) };
        var command = new Command(RoleName, "A run with metrics and without by turns.")
        {
            Arguments = { numbers },
            Hidden = true,
        };
        command.SetAction(async (parsed, _) =>
        {
            Orphans.EndWithStdin();
            int[] given = parsed.GetValue(numbers)!;
            Console.WriteLine(await MeteredRun.MeasureAsync(given[0], given[1], given[2]));
            return 0;
        });
        return command;
    }

    private static async Task<JsonNode> MeasureAsync(Bench bench, MetricsCase one)
    {
        await using var child = new Child(
            bench.Children, one.Name, Environment.ProcessPath!,
            [RoleName, Whole(one.Batch), Whole(one.StepsPerBlock), Whole(Pairs)]);
        return JsonNode.Parse(await child.LineAsync())!;
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double ratio) => ratio.ToString("F3", CultureInfo.InvariantCulture);
}

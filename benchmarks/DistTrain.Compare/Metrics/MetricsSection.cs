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
    private const int Pairs = 300;

    private sealed record MetricsCase(int Batch, int StepsPerBlock)
    {
        public string Name => $"metrics:mlp:{Batch}";

        /// <summary>Short blocks: the speed of a machine drifts little between two of them.</summary>
        public static IReadOnlyList<MetricsCase> All { get; } = [new(64, 100), new(256, 40)];
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
                (IEnumerable<double> measured, int asked) = await MeasureAsync(bench, one);
                ratios.AddRange(measured);
                scrapes += asked;
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
            await MeteredRun.MeasureAsync(given[0], given[1], given[2], Console.Out);
            return 0;
        });
        return command;
    }

    /// <summary>Scrapes when it is told to, from here: a scraper is another process.</summary>
    private static async Task<(IEnumerable<double> Ratios, int Scrapes)> MeasureAsync(
        Bench bench, MetricsCase one)
    {
        using var client = new HttpClient();
        await using var child = new Child(
            bench.Children, one.Name, Environment.ProcessPath!,
            [RoleName, Whole(one.Batch), Whole(one.StepsPerBlock), Whole(Pairs)]);
        for (int scrapes = 0; ; scrapes++)
        {
            JsonNode line = JsonNode.Parse(await child.LineAsync())!;
            if (line["scrape"] is not { } page)
            {
                return (line["ratios"]!.AsArray().Select(ratio => (double)ratio!), scrapes);
            }
            await client.GetByteArrayAsync((string)page!, bench.Stop);
        }
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double ratio) => ratio.ToString("F3", CultureInfo.InvariantCulture);
}

using System.Text.Json;
using DistTrain.Cli.Terminal;
using DistTrain.Core.Jobs;
using DistTrain.Study.Capacity;

namespace DistTrain.Cli.Study;

/// <summary>What batch-find found, for people and as JSON.</summary>
internal static class CapacityText
{
    private const int BarWidth = 24;

    public static void Write(CapacityReport report, JobSpec job, bool json, CommandContext context)
    {
        if (json)
        {
            context.Output.WriteLine(ToJson(report));
            return;
        }

        Table(report).Write(context.Output, context.Look);
        CapacityRow last = report.Rows[^1];
        context.Output.WriteLine();
        context.Output.WriteLine($"the table ends because {report.Reason}");
        context.Output.WriteLine($"largest shard that fits   {Units.Count(last.Shard)} samples a worker, "
            + $"a global batch of {Units.Count((long)last.Shard * report.Workers)}");
        context.Output.WriteLine(report.Knee is { } knee
            ? $"throughput stops growing  at {Units.Count(knee.Shard)} samples a worker, a global batch of "
                + $"{Units.Count((long)knee.Shard * report.Workers)}: doubling it brings less than 10 %"
            : "throughput stops growing  nowhere in this table");
        context.Output.WriteLine(
            "The largest batch that fits is not the best batch: past the noise scale a larger one costs "
            + "samples and saves no steps. disttrain train shows the noise scale of this job "
            + $"(batch {job.Batch.Global}); disttrain study measures what a batch does to the result.");
    }

    private static TextTable Table(CapacityReport report)
    {
        bool several = report.Workers > 1;
        double fastest = report.Rows.Max(r => r.All.SamplesPerSecond);
        var table = new TextTable(
        [
            new("shard", Right: true), new("1 worker", Right: true), new("memory", Right: true),
            .. several
                ? (TableColumn[])[new($"{report.Workers} workers", Right: true), new("memory", Right: true)]
                : [],
            new("global batch", Right: true), new("", Expendable: true),
        ]);
        foreach (CapacityRow row in report.Rows)
        {
            string mark = row == report.Knee ? " <- stops growing" : "";
            int length = (int)Math.Round(BarWidth * row.All.SamplesPerSecond / fastest);
            table.Add(
            [
                Units.Count(row.Shard), Speed(row.One), Memory(row.One),
                .. several ? (Cell[])[Speed(row.All), Memory(row.All)] : [],
                Units.Count((long)row.Shard * report.Workers),
                new Cell(new string('#', length) + mark, row == report.Knee ? Ink.Strong : Ink.Train),
            ]);
        }

        return table;
    }

    private static Cell Speed(ProbeResult.Measured measured) => Units.Throughput(measured.SamplesPerSecond);

    private static Cell Memory(ProbeResult.Measured measured) => $"{measured.PeakBytes / 1e6:N0} MB";

    private static string ToJson(CapacityReport report) => JsonSerializer.Serialize(new
    {
        workers = report.Workers,
        rows = report.Rows.Select(row => new
        {
            shard = row.Shard,
            globalBatch = (long)row.Shard * report.Workers,
            oneWorker = Measured(row.One),
            allWorkers = Measured(row.All),
        }),
        largestShard = report.Rows[^1].Shard,
        knee = report.Knee?.Shard,
        ending = report.Ending switch
        {
            CapacityEnding.LargestAsked => "largest-asked",
            CapacityEnding.NextWouldNotFit => "next-would-not-fit",
            CapacityEnding.OutOfMemory => "out-of-memory",
            _ => "too-slow",
        },
        reason = report.Reason,
    });

    private static object Measured(ProbeResult.Measured measured) => new
    {
        samplesPerSecond = Math.Round(measured.SamplesPerSecond, 1),
        peakBytes = measured.PeakBytes,
        stepSeconds = measured.StepSeconds,
    };
}

using System.Text.Json;
using DistTrain.Cli.Terminal;
using DistTrain.Runs.Timeline;

namespace DistTrain.Cli.Timeline;

/// <summary>Where the time went, for people.</summary>
internal static class TimelineText
{
    public static void Write(TimelineRecord timeline, TimeShares shares, CommandContext context)
    {
        TextWriter output = context.Output;
        output.WriteLine(
            $"{Units.Count(shares.Steps)} steps, {Units.Seconds(shares.Elapsed)}, "
            + $"{Units.Throughput(shares.SamplesPerSecond)}: gradients {Whole(shares.Computing)}, "
            + $"sum {Whole(shares.Reducing)}, update {Whole(shares.Updating)}");
        var between = new TimeSpan(timeline.Phases.Sum(phase => phase.Duration.Ticks));
        if (between > TimeSpan.Zero)
        {
            output.WriteLine($"between them {Units.Seconds(between)} of evaluation and checkpoints");
        }

        var table = new TextTable(
            new TableColumn("worker"), new TableColumn("steps", Right: true),
            new TableColumn("shards", Right: true, Expendable: true),
            new TableColumn("compute", Right: true), new TableColumn("exchange", Right: true),
            new TableColumn("waiting", Right: true), new TableColumn("last", Right: true));
        foreach (WorkerShare worker in shares.Workers)
        {
            bool slow = worker.Worker == shares.Slowest?.Worker;
            table.Add(
                new Cell(worker.Worker, slow ? Ink.Strong : Ink.Normal), Units.Count(worker.Steps),
                $"{worker.Shards:0.#}", Whole(worker.Compute), Whole(worker.Exchange), Whole(worker.Waiting),
                Units.Count(worker.Last));
        }

        table.Write(output, context.Look);
        output.WriteLine(shares.Verdict);
        if (timeline.Stride > 1)
        {
            output.WriteLine(Kept(timeline));
        }
    }

    /// <summary>The same as one line of JSON; shares are of 1, times in seconds.</summary>
    public static string Json(TimeShares shares) => JsonSerializer.Serialize(
        new
        {
            shares.Steps,
            Seconds = shares.Elapsed.TotalSeconds,
            shares.SamplesPerSecond,
            shares.Computing,
            shares.Reducing,
            shares.Updating,
            Workers = shares.Workers.Select(worker => new
            {
                worker.Worker,
                worker.Steps,
                worker.Shards,
                worker.Compute,
                worker.Exchange,
                worker.Waiting,
                AnsweredLast = worker.Last,
                HeldUpSeconds = worker.HeldUp.TotalSeconds,
            }),
            WaitsFor = shares.Slowest?.Worker,
        },
        JsonSerializerOptions.Web);

    /// <summary>What of a run is there to look at.</summary>
    public static string Kept(TimelineRecord timeline)
    {
        long first = timeline.Steps.Min(step => step.Step), last = timeline.Steps.Max(step => step.Step);
        string which = timeline.Stride == 1
            ? "" : $", of {TimelineFormat.BlockSteps * timeline.Stride} steps the first "
                + $"{TimelineFormat.BlockSteps} each";
        return $"kept are {Units.Count(timeline.Steps.Count)} steps from {first} to {last}{which}";
    }

    private static string Whole(double share) => $"{100 * share:0} %";
}

using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// The workers of a run: who has how many shards, how long a step takes them, and whom the others wait for.
/// </summary>
public static class WorkerText
{
    /// <summary>Where more work than this, the slow ones are shown and the rest counted.</summary>
    private const int MostLines = 6;

    /// <summary>An order's time in a unit that suits it: 0.35 ms, 12.4 ms, 1.20 s.</summary>
    public static string StepTime(WorkerPace worker)
    {
        ArgumentNullException.ThrowIfNull(worker);
        double milliseconds = worker.StepTime.TotalMilliseconds;
        return milliseconds switch
        {
            < 1 => $"{milliseconds:F2} ms",
            < 1000 => $"{milliseconds:F1} ms",
            _ => $"{milliseconds / 1000:F2} s",
        };
    }

    /// <summary>A section of the live region: a line a worker, slow ones first where not all fit.</summary>
    public static IReadOnlyList<Line> Lines(IReadOnlyList<WorkerPace> workers)
    {
        ArgumentNullException.ThrowIfNull(workers);
        WorkerPace[] shown = workers.Count <= MostLines
            ? [.. workers]
            : [.. workers.OrderByDescending(worker => worker.IsSlow).Take(MostLines - 1)];
        int name = shown.Select(worker => Units.Printable(worker.Worker).Length).DefaultIfEmpty().Max();
        int time = shown.Select(worker => StepTime(worker).Length).DefaultIfEmpty().Max();
        List<Line> lines = [];
        foreach (WorkerPace worker in shown)
        {
            Ink ink = worker.IsSlow ? Ink.Validation : Ink.Normal;
            lines.Add(new Line(Units.Printable(worker.Worker).PadRight(name), ink)
                .Add($"  {worker.Shards,3} shard{(worker.Shards == 1 ? " " : "s")}", Ink.Faint)
                .Add($"  {StepTime(worker).PadLeft(time)} a step", ink)
                .Add($"  {Units.Throughput(worker.SamplesPerSecond)}", Ink.Faint)
                .Add(worker.IsSlow ? "  slow: the others wait for it" : "", ink));
        }

        if (shown.Length < workers.Count)
        {
            lines.Add(new Line($"and {workers.Count - shown.Length} more workers", Ink.Faint));
        }

        return lines;
    }

    /// <summary>One plain line for logs.</summary>
    public static string Brief(IReadOnlyList<WorkerPace> workers)
        => Units.Printable("workers: " + string.Join(", ", workers.Select(worker =>
            $"{worker.Worker} {worker.Shards} shards {StepTime(worker)} a step"
            + (worker.IsSlow ? " (slow)" : ""))));

    /// <summary>Changes when a worker comes, goes or becomes slow, and not with every figure.</summary>
    public static string Signature(IReadOnlyList<WorkerPace> workers)
        => string.Join('\n', workers.Select(worker => $"{worker.Worker} {worker.IsSlow}"));
}

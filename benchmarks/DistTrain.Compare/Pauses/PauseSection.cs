using System.Globalization;
using System.Text.Json.Nodes;
using DistTrain.Compare.ClusterRuns;
using DistTrain.Compare.Reporting;
using DistTrain.Core;

namespace DistTrain.Compare.Pauses;

/// <summary>
/// How long a job stands still when a worker goes: two worker processes, one of which is killed or made to
/// hang in the middle of training. Every job is run to its end, and must end in the bits of one that nobody
/// hurt.
/// </summary>
internal static class PauseSection
{
    public const string Name = "pause";

    public static async Task RunAsync(Bench bench)
    {
        PauseCase[] cases = bench.Chosen(PauseCase.All, one => one.Name);
        if (cases.Length == 0)
        {
            return;
        }
        using var images = new RandomImages(StruckRun.Samples);
        bench.Progress("pause: the run that nobody hurts");
        Pause unhurt = await StruckRun.RunAsync(bench, images, [], strike: null);
        var table = new MarkdownTable(
            "<a worker", "noticed after, ms", "next step committed after, ms", "time allowed, ms", "<",
            "usual step, ms", "attempts", "<weights at the end");
        foreach (PauseCase one in cases)
        {
            List<Pause> pauses = [];
            for (int round = 1; round <= bench.Rounds; round++)
            {
                bench.Progress($"{one.Name}: round {round} of {bench.Rounds}");
                Pause pause = await StruckRun.RunAsync(bench, images, one.Timing, one.Strike);
                pauses.Add(pause.Job.WeightsSha256 == unhurt.Job.WeightsSha256
                    ? pause
                    : throw new RunFaultException(
                        $"{one.Name}: ended in {pause.Job.WeightsSha256}, "
                        + $"unhurt in {unhurt.Job.WeightsSha256}"));
            }
            Add(bench, table, one, pauses);
        }
        bench.Table(Name, "A worker's death: medians, 2 worker processes, mlp, batch 64", table.ToString());
    }

    private static void Add(Bench bench, MarkdownTable table, PauseCase one, List<Pause> pauses)
    {
        double noticed = Median(pause => pause.Noticed);
        double committed = Median(pause => pause.Committed);
        double allowed = one.Budget.TotalMilliseconds;
        long attempts = pauses.Max(pause => pause.Job.Attempt);
        table.Add(
            one.Text, Text(noticed), Text(committed), allowed.ToString("N0", CultureInfo.InvariantCulture),
            committed <= allowed ? "reached" : "missed", Text(Median(pause => pause.UsualStep)),
            $"{attempts}",
            "those of a run nobody hurt");
        bench.Case(one.Name, new JsonObject
        {
            ["noticedMilliseconds"] = noticed,
            ["pauseMilliseconds"] = committed,
            ["allowedMilliseconds"] = allowed,
            ["attempts"] = attempts,
        });

        double Median(Func<Pause, TimeSpan> part)
            => Spread.Of(pauses.Select(pause => part(pause).TotalMilliseconds)).Median;
    }

    private static string Text(double milliseconds)
        => milliseconds.ToString("N1", CultureInfo.InvariantCulture);
}

using DistTrain.Api;
using DistTrain.Compare.ClusterRuns;
using DistTrain.Compare.Processes;
using DistTrain.Compare.Reporting;
using DistTrain.Core;
using DistTrain.Core.Coordination;

namespace DistTrain.Compare.Pauses;

/// <summary>What the loss of a worker did to a job.</summary>
/// <param name="Noticed">From the blow to the coordinator's word that the worker is lost.</param>
/// <param name="Committed">From the blow to the commit of the step that had to be computed again.</param>
/// <param name="UsualStep">Median of all steps.</param>
/// <param name="Job">At its end.</param>
internal sealed record Pause(TimeSpan Noticed, TimeSpan Committed, TimeSpan UsualStep, JobView Job);

/// <summary>
/// A job over two worker processes, of which one is struck in its middle. Times are those that the
/// coordinator gives its events; it shares this machine's clock.
/// </summary>
internal static class StruckRun
{
    private const int Batch = 64, Shards = 2, Epochs = 16, StruckAtStep = 200;

    /// <summary>Training samples: 64 steps an epoch.</summary>
    public const int Samples = 64 * Batch;

    /// <summary>Runs the job to its end.</summary>
    /// <param name="strike">null: nothing is done to anyone.</param>
    public static async Task<Pause> RunAsync(
        Bench bench, RandomImages images, string[] timing, Action<Child>? strike)
    {
        await using ProcessCluster cluster =
            await ProcessCluster.StartAsync(bench, Shards, images, timing);
        var job = ClusterJobs.Of("mlp", Batch, Shards, Shards, Epochs);
        string id = await ClusterJobs.SubmitAsync(cluster.Client, job, bench.Stop);
        DateTimeOffset? struck = null;
        List<JobEvent> after = [];
        await foreach (JobEvent happened in cluster.Client.WatchAsync(id, 0, bench.Stop))
        {
            if (struck is not null)
            {
                after.Add(happened);
            }
            else if (strike is not null && happened.Step is { Step: >= StruckAtStep })
            {
                struck = DateTimeOffset.UtcNow;
                strike(cluster.Workers[^1]);
            }
        }
        if (strike is not null)
        {
            // One that hangs would not leave when it is asked to.
            cluster.Workers[^1].Kill();
        }
        JobView ended = await ClusterJobs.EndAsync(cluster.Client, id, bench.Stop);
        IReadOnlyList<StepMetrics> steps = await ClusterJobs.StepsAsync(cluster.Client, id, bench.Stop);
        var usual = TimeSpan.FromMilliseconds(
            Spread.Of(steps.Select(step => step.Elapsed.TotalMilliseconds)).Median);
        return struck is { } at
            ? new Pause(NoticedAt(after, at) - at, RedoneAt(after, at) - at, usual, ended)
            : new Pause(TimeSpan.Zero, TimeSpan.Zero, usual, ended);
    }

    private static DateTimeOffset NoticedAt(List<JobEvent> after, DateTimeOffset struck)
        => after.Find(happened => happened.Time >= struck
                && happened.Notice?.Contains(" is lost:", StringComparison.Ordinal) == true)?.Time
            ?? throw new RunFaultException("the coordinator never said that the worker is lost");

    /// <summary>
    /// A step whose gradients were all in may still be committed after the blow. The one that was computed
    /// again is the first to be committed after the loss was noticed.
    /// </summary>
    private static DateTimeOffset RedoneAt(List<JobEvent> after, DateTimeOffset struck)
    {
        DateTimeOffset noticed = NoticedAt(after, struck);
        return after.Find(happened => happened.Step is not null && happened.Time >= noticed)?.Time
            ?? throw new RunFaultException("no step was committed after the worker was lost");
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using DistTrain.Api;
using DistTrain.Compare.ClusterRuns;
using DistTrain.Compare.Reporting;
using DistTrain.Core;
using DistTrain.Core.Coordination;

namespace DistTrain.Compare.Scaling;

/// <summary>
/// One job over 1 worker process and over 16 on this machine: both run it to its end, and to the same bits.
/// </summary>
internal static class ManyProcessesSection
{
    private const string Section = "processes";
    private const string CaseName = "scaling:processes";
    private const int Many = 16, Batch = 256, Epochs = 4, StepsPerEpoch = 16;

    private sealed record Run(int Workers, JobView Job, double MsPerStep, int Steps, double PeakRssMegabytes);

    public static async Task RunAsync(Bench bench)
    {
        if (bench.Chosen([CaseName], name => name).Length == 0)
        {
            return;
        }
        using var images = new RandomImages(Batch * StepsPerEpoch);
        Run one = await RunAsync(bench, images, 1);
        Run many = await RunAsync(bench, images, Many);
        if (one.Job.WeightsSha256 != many.Job.WeightsSha256)
        {
            throw new RunFaultException(
                $"{Many} workers ended in {many.Job.WeightsSha256}, 1 worker in {one.Job.WeightsSha256}");
        }
        var table = new MarkdownTable(
            "worker processes", "<ended as", "steps", "ms a step", "peak MB of all processes", "<weights");
        foreach (Run run in (Run[])[one, many])
        {
            table.Add(
                $"{run.Workers}", $"{run.Job.State}", $"{run.Steps}",
                run.MsPerStep.ToString("F2", CultureInfo.InvariantCulture),
                run.PeakRssMegabytes.ToString("N0", CultureInfo.InvariantCulture),
                $"`{run.Job.WeightsSha256![..12]}…`");
        }
        bench.Case(CaseName, new JsonObject
        {
            ["workers"] = Many,
            ["steps"] = many.Steps,
            ["weightsSha256"] = many.Job.WeightsSha256,
        });
        bench.Table(Section, $"mlp, batch {Batch} in {Many} shards", table.ToString());
    }

    private static async Task<Run> RunAsync(Bench bench, RandomImages images, int workers)
    {
        bench.Progress($"{CaseName}: {workers} worker process{(workers == 1 ? "" : "es")}");
        await using ProcessCluster cluster = await ProcessCluster.StartAsync(bench, workers, images);
        JsonObject job = ClusterJobs.Of("mlp", Batch, Many, workers, Epochs);
        job["workers"] = ClusterJobs.WorkersOf(workers, workers);
        JobView ended = await ClusterJobs.RunAsync(cluster.Client, job, bench.Stop);
        IReadOnlyList<StepMetrics> steps =
            await ClusterJobs.StepsAsync(cluster.Client, ended.Id, bench.Stop);
        double ms = Spread.Of(steps.Select(step => step.Elapsed.TotalMilliseconds)).Median;
        return new Run(workers, ended, ms, steps.Count, cluster.PeakRssMegabytes);
    }
}

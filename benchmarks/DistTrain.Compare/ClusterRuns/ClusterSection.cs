using System.Globalization;
using System.Text.Json.Nodes;
using DistTrain.Api;
using DistTrain.Compare.Processes;
using DistTrain.Compare.Reporting;
using DistTrain.Compare.SingleMachine;
using DistTrain.Core.Coordination;

namespace DistTrain.Compare.ClusterRuns;

/// <summary>One model at one global batch over a number of worker processes, one shard each.</summary>
/// <param name="ToReach">Samples per second over the peer's that this project holds itself to.</param>
internal sealed record ClusterCase(string Model, int Batch, int Workers, int Steps, double ToReach)
{
    private const int BatchesHeld = 8, FewestSamples = 4096;

    public static IReadOnlyList<ClusterCase> All { get; } =
    [
        new("mlp", 64, 2, 400, 1.5),
        new("mlp", 256, 2, 200, 1.3),
        new("mlp", 1024, 2, 60, 1.1),
        new("cnn", 512, 2, 8, 1.0),
        new("wide", 512, 2, 10, 0.8),
    ];

    public string Name => $"cluster:{Model}:{Batch}:{Workers}";

    /// <summary>As many images as the single machine is measured on.</summary>
    public int TrainingSamples => Math.Max(Batch * BatchesHeld, FewestSamples);

    /// <summary>The first steps, in which code is compiled and buffers grow, are not timed.</summary>
    public int WarmUp => 5 + 2 * Steps;

    public Case Peer => new(Model, Batch, Workers, Steps, ToReach);
}

/// <summary>
/// A coordinator and worker processes over loopback TCP against PyTorch DDP over Gloo with as many processes:
/// pairs of runs in turn, ratios within a pair.
/// </summary>
internal static class ClusterSection
{
    public const string Name = "cluster";

    public static async Task RunAsync(Bench bench)
    {
        ClusterCase[] cases = bench.Chosen(ClusterCase.All, run => run.Name);
        if (cases.Length == 0)
        {
            return;
        }
        bool peer = Bench.PeerMissing() is null;
        var table = new MarkdownTable(
            "<model", "batch", "workers", "DistTrain, ms a step", "samples/s", "PyTorch DDP, samples/s",
            "ratio",
            "to reach", "<", "peak MB, DistTrain", "peak MB, PyTorch");
        foreach (ClusterCase run in cases)
        {
            List<(Measurement Own, Measurement? Peer)> pairs = [];
            for (int round = 1; round <= bench.Rounds; round++)
            {
                bench.Progress($"{run.Name}: pair {round} of {bench.Rounds}");
                pairs.Add((
                    await MeasureAsync(bench, run),
                    peer ? await PairRuns.PeerAsync(bench.Children, run.Peer) : null));
            }
            Add(bench, table, run, pairs);
        }
        bench.Table(Name, "A cluster of processes over loopback TCP", table.ToString());
    }

    private static async Task<Measurement> MeasureAsync(Bench bench, ClusterCase run)
    {
        using var images = new RandomImages(run.TrainingSamples);
        await using ProcessCluster cluster = await ProcessCluster.StartAsync(bench, run.Workers, images);
        int stepsPerEpoch = run.TrainingSamples / run.Batch;
        int epochs = (run.Steps + run.WarmUp + stepsPerEpoch - 1) / stepsPerEpoch;
        JsonObject job = ClusterJobs.Of(run.Model, run.Batch, run.Workers, run.Workers, epochs);
        job["workers"] = ClusterJobs.WorkersOf(run.Workers, run.Workers);
        JobView ended = await ClusterJobs.RunAsync(cluster.Client, job, bench.Stop);
        IReadOnlyList<StepMetrics> steps = await ClusterJobs.StepsAsync(cluster.Client, ended.Id, bench.Stop);
        double ms = Spread.Of(steps.Skip(run.WarmUp).Select(step => step.Elapsed.TotalMilliseconds)).Median;
        return new Measurement(ms, run.Batch / ms * 1000, cluster.PeakRssMegabytes);
    }

    private static void Add(
        Bench bench, MarkdownTable table, ClusterCase run, List<(Measurement Own, Measurement? Peer)> pairs)
    {
        Spread own = Spread.Of(pairs.Select(pair => pair.Own.SamplesPerSecond));
        double ms = Spread.Of(pairs.Select(pair => pair.Own.MsPerStep)).Median;
        Measurement[] peers = [.. pairs.Select(pair => pair.Peer).OfType<Measurement>()];
        Spread? peer = peers.Length == 0 ? null : Spread.Of(peers.Select(one => one.SamplesPerSecond));
        Spread? ratio = peer is null
            ? null
            : Spread.Of(pairs.Select(pair => pair.Own.SamplesPerSecond / pair.Peer!.SamplesPerSecond));
        table.Add(
            run.Model, $"{run.Batch}", $"{run.Workers}", ms.ToString("F2", CultureInfo.InvariantCulture),
            Whole(own.Median), peer is { } p ? Whole(p.Median) : "–", ratio?.ToString() ?? "–",
            run.ToReach.ToString("F2", CultureInfo.InvariantCulture),
            ratio is null ? "not compared" : ratio.Value.Median >= run.ToReach ? "reached" : "missed",
            Whole(pairs.Max(pair => pair.Own.PeakRssMegabytes)),
            peers.Length == 0 ? "–" : Whole(peers.Max(one => one.PeakRssMegabytes)));
        bench.Case(run.Name, new JsonObject
        {
            ["msPerStep"] = ms,
            ["samplesPerSecond"] = own.Median,
            ["peerSamplesPerSecond"] = peer?.Median,
            ["ratio"] = ratio?.Median,
            ["toReach"] = run.ToReach,
        });
    }

    private static string Whole(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

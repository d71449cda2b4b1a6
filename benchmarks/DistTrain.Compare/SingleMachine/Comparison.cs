using System.Globalization;
using System.Text.Json.Nodes;
using DistTrain.Compare.Processes;
using DistTrain.Compare.Reporting;
using DistTrain.Data.Loading;

namespace DistTrain.Compare.SingleMachine;

/// <summary>
/// Pairs of runs, own and peer in turn, so that a machine whose speed drifts slows both; the ratio is the
/// median over the pairs.
/// </summary>
internal static class Comparison
{
    public static async Task RunAsync(Bench bench)
    {
        Case[] cases = bench.Chosen(Case.All, run => run.Name);
        if (cases.Length == 0 || Bench.PeerMissing() is not null)
        {
            return;
        }
        Console.WriteLine(
            "model  batch workers   DistTrain samples/s   PyTorch samples/s   ratio (lowest-highest)"
            + "   to reach   peak MB own / PyTorch");
        int missed = 0;
        foreach (Case run in cases)
        {
            List<(Measurement Own, Measurement Peer)> pairs = [];
            for (int round = 0; round < bench.Rounds; round++)
            {
                bench.Progress($"{run.Name}: pair {round + 1} of {bench.Rounds}");
                pairs.Add((
                    await PairRuns.OwnAsync(bench.Children, run),
                        await PairRuns.PeerAsync(bench.Children, run)));
            }
            missed += Print(bench, run, pairs) ? 0 : 1;
        }
        if (bench.Only is null)
        {
            await PrintMemoryAsync(bench.Children);
        }
        Console.WriteLine(
            missed == 0 ? "every ratio reached" : $"{missed} of {cases.Length} ratios not reached");
    }

    private static bool Print(Bench bench, Case run, List<(Measurement Own, Measurement Peer)> pairs)
    {
        Spread ratio = Spread.Of(
            pairs.Select(pair => pair.Own.SamplesPerSecond / pair.Peer.SamplesPerSecond));
        double own = Spread.Of(pairs.Select(pair => pair.Own.SamplesPerSecond)).Median;
        double peer = Spread.Of(pairs.Select(pair => pair.Peer.SamplesPerSecond)).Median;
        double ownPeak = pairs.Max(pair => pair.Own.PeakRssMegabytes);
        double peerPeak = pairs.Max(pair => pair.Peer.PeakRssMegabytes);
        string missed = ratio.Median >= run.ToReach ? "" : "<";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{run.Model,-5} {run.Batch,6} {run.Workers,7} {own,21:N0} {peer,19:N0} "
            + $"{ratio.Median,7:F2} ({ratio.Lowest:F2}-{ratio.Highest:F2}) {missed,8} {run.ToReach,9:F2} "
            + $"{ownPeak,16:N0} / {peerPeak:N0}"));
        bench.Case(run.Name, new JsonObject
        {
            ["model"] = run.Model,
            ["batch"] = run.Batch,
            ["workers"] = run.Workers,
            ["samplesPerSecond"] = own,
            ["peerSamplesPerSecond"] = peer,
            ["ratio"] = ratio.Median,
        });
        return ratio.Median >= run.ToReach;
    }

    /// <summary>
    /// The peer holds a single batch and no data set, which makes the comparison hard on us.
    /// </summary>
    private static async Task PrintMemoryAsync(Children children)
    {
        if (DatasetLocator.TryFind("mnist", null, DatasetPlaces.FromEnvironment()) is null)
        {
            Console.WriteLine(
                $"memory of an MNIST run: skipped, set {DatasetPlaces.Variable} to a folder with mnist/");
            return;
        }
        double own = (await PairRuns.OwnMnistAsync(children)).PeakRssMegabytes;
        Measurement peer = await PairRuns.PeerAsync(children, Case.Mnist with { Steps = 50 });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"peak memory of an MNIST run (mlp, batch 256, 2 workers): {own:N0} MB with all of MNIST in it; "
            + $"PyTorch DDP, without any data set: {peer.PeakRssMegabytes:N0} MB"));
    }
}

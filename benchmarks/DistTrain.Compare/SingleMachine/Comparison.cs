using System.Globalization;
using DistTrain.Core;
using DistTrain.Data.Loading;

namespace DistTrain.Compare;

/// <summary>
/// Pairs of runs, own and peer in turn, so that a machine whose speed drifts slows both; the ratio is the
/// median over the pairs.
/// </summary>
internal static class Comparison
{
    private const string PeerScript = "benchmarks/peers/pytorch_ddp.py";

    public static int Run(string? only, int rounds, bool json)
    {
        string script = FindUp(PeerScript);
        Case[] cases =
            [.. Case.All.Where(run => only is null || NameOf(run).Contains(only, StringComparison.Ordinal))];
        if (cases.Length == 0)
        {
            throw new UserFaultException(
                $"--only {only}: no case has that in its name; a name is mlp:256:2 (model, batch, workers)");
        }
        Console.WriteLine(
            "model  batch workers   DistTrain samples/s   PyTorch samples/s   ratio (lowest-highest)"
            + "   to reach   peak MB own / PyTorch");
        int missed = 0;
        foreach (Case run in cases)
        {
            List<(Measurement Own, Measurement Peer)> pairs = [];
            for (int round = 0; round < rounds; round++)
            {
                Console.Error.WriteLine($"{NameOf(run)}: pair {round + 1} of {rounds}");
                pairs.Add((Processes.Own(run), Processes.Peer(script, run)));
            }
            missed += Print(run, pairs, json) ? 0 : 1;
        }
        if (only is null)
        {
            PrintMemory(script);
        }
        Console.WriteLine(
            missed == 0 ? "every ratio reached" : $"{missed} of {cases.Length} ratios not reached");
        return 0;
    }

    private static bool Print(Case run, List<(Measurement Own, Measurement Peer)> pairs, bool json)
    {
        double[] ratios =
            [.. pairs.Select(pair => pair.Own.SamplesPerSecond / pair.Peer.SamplesPerSecond).Order()];
        double ratio = ratios[ratios.Length / 2];
        double own = Median(pairs.Select(pair => pair.Own.SamplesPerSecond));
        double peer = Median(pairs.Select(pair => pair.Peer.SamplesPerSecond));
        double ownPeak = pairs.Max(pair => pair.Own.PeakRssMegabytes);
        double peerPeak = pairs.Max(pair => pair.Peer.PeakRssMegabytes);
        string missed = ratio >= run.ToReach ? "" : "<";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{run.Model,-5} {run.Batch,6} {run.Workers,7} {own,21:N0} {peer,19:N0} "
            + $"{ratio,7:F2} ({ratios[0]:F2}-{ratios[^1]:F2}) {missed,8} {run.ToReach,9:F2} "
            + $"{ownPeak,16:N0} / {peerPeak:N0}"));
        if (json)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{{\"model\":\"{run.Model}\",\"batch\":{run.Batch},\"workers\":{run.Workers},"
                + $"\"samplesPerSecond\":{own:F0},\"peerSamplesPerSecond\":{peer:F0},"
                + $"\"ratio\":{ratio:F3}}}"));
        }
        return ratio >= run.ToReach;
    }

    /// <summary>
    /// The peer holds a single batch and no data set, which makes the comparison hard on us.
    /// </summary>
    private static void PrintMemory(string script)
    {
        if (DatasetLocator.TryFind("mnist", null, DatasetPlaces.FromEnvironment()) is null)
        {
            Console.WriteLine(
                $"memory of an MNIST run: skipped, set {DatasetPlaces.Variable} to a folder with mnist/");
            return;
        }
        double own = Processes.OwnMnist().PeakRssMegabytes;
        double peer = Processes.Peer(script, Case.Mnist with { Steps = 50 }).PeakRssMegabytes;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"peak memory of an MNIST run (mlp, batch 256, 2 workers): {own:N0} MB with all of MNIST in it; "
            + $"PyTorch DDP, without any data set: {peer:N0} MB"));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private static string NameOf(Case run) => $"{run.Model}:{run.Batch}:{run.Workers}";

    private static string FindUp(string relative)
    {
        string start = AppContext.BaseDirectory;
        for (string? folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            string path = Path.Combine(folder, relative);
            if (File.Exists(path))
            {
                return path;
            }
        }
        throw new UserFaultException($"{relative}: not found above {start}; run from a checkout");
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using DistTrain.Compare.Reporting;
using DistTrain.Runtime.Actors;

namespace DistTrain.Compare.ControlPlane;

/// <summary>
/// How long a control message takes there and back: between two actors of one host, and between two ends of a
/// link over the loopback, on this program's own hosts and on Akka.NET's. Nothing else runs at either end.
/// </summary>
internal static class ControlSection
{
    public const string Name = "control";
    private const int WarmUp = 3000;
    private const int Counted = 5000;

    public static async Task RunAsync(Bench bench)
    {
        if (!AkkaEnds.AreThere)
        {
            Console.Error.WriteLine("control: left out, this build is without Akka.NET (docs/akka.md)");
            return;
        }
        var table = new MarkdownTable("<round trip", "own, µs", "Akka.NET, µs", "Akka.NET over own");
        if (bench.Chosen(["control:host"], name => name).Length > 0)
        {
            await using var own = new HostEnds(new InProcessHost(TimeProvider.System));
            await using HostEnds akka = AkkaEnds.Host();
            Add(bench, table, "control:host", "two actors of one process", own.Measure, akka.Measure);
        }
        if (bench.Chosen(["control:link"], name => name).Length > 0)
        {
            await using LinkEnds own = await LinkEnds.OverTcpAsync();
            await using LinkEnds akka = await AkkaEnds.LinkAsync();
            Add(bench, table, "control:link", "two ends of a link, loopback", own.Measure, akka.Measure);
        }
        Console.WriteLine($"\nA control message there and back: medians\n\n{table}");
    }

    private static void Add(
        Bench bench, MarkdownTable table, string name, string text, Func<int, double> own,
        Func<int, double> akka)
    {
        own(WarmUp);
        akka(WarmUp);
        List<(double Own, double Akka)> rounds = [];
        for (int round = 1; round <= bench.Rounds; round++)
        {
            bench.Progress($"{name}: round {round} of {bench.Rounds}");
            rounds.Add((own(Counted), akka(Counted)));
        }
        double ownMedian = Spread.Of(rounds.Select(one => one.Own)).Median;
        double akkaMedian = Spread.Of(rounds.Select(one => one.Akka)).Median;
        table.Add(
            text, Text(ownMedian), Text(akkaMedian),
            Spread.Of(rounds.Select(one => one.Akka / one.Own)).ToString());
        bench.Case(name, new JsonObject
        {
            ["ownMicroseconds"] = ownMedian,
            ["akkaMicroseconds"] = akkaMedian,
        });
    }

    private static string Text(double microseconds)
        => microseconds.ToString("N0", CultureInfo.InvariantCulture);
}

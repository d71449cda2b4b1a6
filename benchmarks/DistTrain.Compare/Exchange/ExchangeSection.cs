using System.Globalization;
using System.Text.Json.Nodes;
using DistTrain.Compare.Processes;
using DistTrain.Compare.Reporting;

namespace DistTrain.Compare.Exchange;

/// <summary>One length of the vector exchanged.</summary>
internal sealed record ExchangeCase(string Name, int Floats, int Rounds)
{
    public static IReadOnlyList<ExchangeCase> All { get; } =
    [
        new("exchange:2MB", 535_818, 200),
        new("exchange:80MB", 20_037_642, 20),
    ];

    public double Megabytes => Floats * sizeof(float) / 1e6;
}

/// <summary>
/// The exchange alone, beside the same bytes over bare sockets and beside Gloo's all-reduce: all three in
/// turn, ratios within a turn.
/// </summary>
internal static class ExchangeSection
{
    public const string Name = "exchange";

    private sealed record Turn(double Links, double Sockets, double? Gloo);

    public static async Task RunAsync(Bench bench)
    {
        ExchangeCase[] cases = bench.Chosen(ExchangeCase.All, one => one.Name);
        if (cases.Length == 0)
        {
            return;
        }
        bool peer = Bench.PeerMissing() is null;
        var table = new MarkdownTable(
            "gradients, MB", "DistTrain, ms", "GB/s", "bare sockets, ms", "GB/s", "Gloo, ms", "GB/s",
            "speed beside bare sockets", "speed beside Gloo");
        foreach (ExchangeCase one in cases)
        {
            List<Turn> turns = [];
            for (int round = 1; round <= bench.Rounds; round++)
            {
                bench.Progress($"{one.Name}: round {round} of {bench.Rounds}");
                turns.Add(new Turn(
                    await OwnAsync(bench, one, ExchangeRoles.LinkHubRole, ExchangeRoles.LinkLeafRole),
                    await OwnAsync(bench, one, ExchangeRoles.SocketHubRole, ExchangeRoles.SocketLeafRole),
                    peer ? await GlooAsync(bench, one) : null));
            }
            Add(bench, table, one, turns);
        }
        bench.Table(Name, "The exchange alone, 2 workers", table.ToString());
    }

    private static void Add(Bench bench, MarkdownTable table, ExchangeCase one, List<Turn> turns)
    {
        Spread links = Spread.Of(turns.Select(turn => turn.Links));
        Spread sockets = Spread.Of(turns.Select(turn => turn.Sockets));
        Spread besideSockets = Spread.Of(turns.Select(turn => turn.Sockets / turn.Links));
        Spread? gloo = turns[0].Gloo is null ? null : Spread.Of(turns.Select(turn => turn.Gloo!.Value));
        Spread? besideGloo = gloo is null
            ? null
            : Spread.Of(turns.Select(turn => turn.Gloo!.Value / turn.Links));
        table.Add(
            Text(one.Megabytes), Text(links.Median), Rate(links.Median), Text(sockets.Median),
            Rate(sockets.Median), gloo is { } g ? Text(g.Median) : "–", gloo is { } h ? Rate(h.Median) : "–",
            besideSockets.ToString(), besideGloo?.ToString() ?? "–");
        bench.Case(one.Name, new JsonObject
        {
            ["milliseconds"] = links.Median,
            ["socketMilliseconds"] = sockets.Median,
            ["glooMilliseconds"] = gloo?.Median,
            ["ratioToSockets"] = besideSockets.Median,
            ["ratioToGloo"] = besideGloo?.Median,
        });

        string Rate(double milliseconds) => Text(one.Megabytes / milliseconds);
    }

    private static async Task<double> OwnAsync(Bench bench, ExchangeCase one, string hubRole, string leafRole)
    {
        string floats = Whole(one.Floats);
        await using Child hub = Own(bench, "the exchange's hub", hubRole, floats, Whole(one.Rounds));
        string port = Whole((int)JsonNode.Parse(await hub.LineAsync())!["port"]!);
        await using Child first = Own(bench, "the exchange's worker 0", leafRole, "0", port, floats);
        await using Child second = Own(bench, "the exchange's worker 1", leafRole, "1", port, floats);
        return Milliseconds(await hub.LineAsync());
    }

    private static async Task<double> GlooAsync(Bench bench, ExchangeCase one)
    {
        await using var peer = new Child(
            bench.Children, "gloo_allreduce.py", Peers.Python,
            [
                Peers.Script("gloo_allreduce.py"), "--floats", Whole(one.Floats),
                "--workers", Whole(LinkHub.Workers), "--rounds", Whole(one.Rounds),
            ]);
        return Milliseconds(await peer.LineAsync());
    }

    private static Child Own(Bench bench, string name, params string[] arguments)
        => new(bench.Children, name, Environment.ProcessPath!, arguments);

    private static double Milliseconds(string line) => (double)JsonNode.Parse(line)!["milliseconds"]!;

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);
}

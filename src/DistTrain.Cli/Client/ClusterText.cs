using DistTrain.Api;
using DistTrain.Api.Json;
using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Client;

/// <summary>A cluster in words and tables.</summary>
internal static class ClusterText
{
    private const int LogLinesShown = 5;

    public static void Describe(ClusterView cluster, TextWriter output, CommandContext context)
    {
        output.WriteLine(
            $"cluster {cluster.Id}, version {cluster.Version}, workers connect to {cluster.Listen}");
        output.WriteLine($"up since {JobText.Time(cluster.Started, context.Time)}, start {cluster.Epoch}");
        output.WriteLine();
        Nodes(cluster.Nodes, output, context.Look);
        output.WriteLine();
        JobText.Table(cluster.Jobs, output, context);
        if (cluster.Log.Count > 0)
        {
            output.WriteLine();
        }

        foreach (LogLine line in cluster.Log.TakeLast(LogLinesShown))
        {
            output.WriteLine($"{JobText.Time(line.Time, context.Time)}  {Units.Printable(line.Text)}");
        }
    }

    private static void Nodes(IReadOnlyList<NodeView> nodes, TextWriter output, TextLook look)
    {
        if (nodes.Count == 0)
        {
            output.WriteLine("no workers");
            return;
        }

        var table = new TextTable(
            new("worker"), new("state"), new("device"), new("cores", Right: true, Expendable: true),
            new("memory", Right: true, Expendable: true), new("job"), new("shards", Right: true),
            new("step", Right: true), new("samples/s", Right: true),
            new("silent", Right: true, Expendable: true), new("address", Expendable: true));
        foreach (NodeView node in nodes)
        {
            bool slow = node.Pace is { IsSlow: true };
            string state = ApiJson.Word(node.State) + (slow ? ", slow" : "");
            table.Add(
                new(node.Name, Ink.Strong),
                new(state, slow || node.State != NodeState.Alive ? Ink.Validation : Ink.Normal),
                node.Device, $"{node.Cores}", $"{node.MemoryBytes / (double)(1 << 30):F1} GiB",
                node.Job ?? "-",
                node.Pace is { } shares ? $"{shares.Shards}" : "-",
                node.Pace is { } pace ? WorkerText.StepTime(pace) : "-",
                node.Pace is { } speed ? Units.Throughput(speed.SamplesPerSecond).Split(' ')[0] : "-",
                $"{node.SilentSeconds:F1} s", node.Address);
        }

        table.Write(output, look);
    }
}

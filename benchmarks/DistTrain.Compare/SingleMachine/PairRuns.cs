using System.Globalization;
using DistTrain.Compare.Processes;

namespace DistTrain.Compare.SingleMachine;

/// <summary>
/// Runs either side in a process of its own, so that neither shares a heap or a thread pool.
/// </summary>
internal static class PairRuns
{
    private const string PeerScript = "pytorch_ddp.py";

    public static Task<Measurement> OwnAsync(Children children, Case run)
        => RunAsync(
            children, Environment.ProcessPath!,
            ["one", run.Model, Text(run.Batch), Text(run.Workers), Text(run.Steps)], run);

    public static Task<Measurement> PeerAsync(Children children, Case run)
        => RunAsync(
            children, Peers.Python,
            [
                Peers.Script(PeerScript),
                "--cases", $"{run.Model}:{run.Batch}",
                "--workers", Text(run.Workers),
                "--steps", Text(run.Steps),
            ], run);

    public static Task<Measurement> OwnMnistAsync(Children children)
        => RunAsync(children, Environment.ProcessPath!, ["mnist"], Case.Mnist);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static async Task<Measurement> RunAsync(
        Children children, string program, IEnumerable<string> arguments, Case run)
    {
        await using var child = new Child(
            children, $"{Path.GetFileName(program)} at {run.Name}", program, arguments);
        return Measurement.Parse(await child.LineAsync())!;
    }
}

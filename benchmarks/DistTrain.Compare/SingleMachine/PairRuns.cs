using System.Diagnostics;
using System.Globalization;
using DistTrain.Core;

namespace DistTrain.Compare;

/// <summary>
/// Runs either side in a process of its own, so that neither shares a heap or a thread pool.
/// </summary>
internal static class Processes
{
    public static Measurement Own(Case run)
        => Run(Environment.ProcessPath!, ["one", .. Arguments(run)], run);

    public static Measurement Peer(string script, Case run)
        => Run("/usr/bin/python3",
            [
                script,
                "--cases", $"{run.Model}:{run.Batch}",
                "--workers", Text(run.Workers),
                "--steps", Text(run.Steps),
            ], run);

    public static Measurement OwnMnist() => Run(Environment.ProcessPath!, ["mnist"], Case.Mnist);

    private static string[] Arguments(Case run)
        => [run.Model, Text(run.Batch), Text(run.Workers), Text(run.Steps)];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Measurement Run(string program, IEnumerable<string> arguments, Case run)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        start.Environment["OMP_NUM_THREADS"] = "1";
        start.Environment["OPENBLAS_NUM_THREADS"] = "1";
        using Process process = Process.Start(start)!;
        Measurement? measured = null;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            measured = Measurement.Parse(line) ?? measured;
        }
        process.WaitForExit();
        return process.ExitCode == 0 && measured is not null
            ? measured
            : throw new RunFaultException(
                $"{program} failed at {run.Model}, batch {run.Batch}, {run.Workers} workers");
    }
}

using DistTrain.Cli.Training;

namespace DistTrain.Cli.Nodes;

/// <summary>
/// How long a node runs: until Ctrl-C or SIGTERM, and, where whoever started it wants that, until its stdin
/// ends. The end of a pipe comes by itself when the process at its other end is killed, so that a node can
/// never outlive it.
/// </summary>
internal sealed class NodeLifetime : IDisposable
{
    /// <summary>A node that does not leave by itself in this time is ended.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly Interrupts _interrupts;
    private readonly CancellationTokenSource _stdinEnded = new();
    private readonly CancellationTokenSource _stop;

    /// <param name="notice">Takes lines for people.</param>
    /// <param name="untilStdinEnds">Also stop at the end of stdin.</param>
    public NodeLifetime(Action<string> notice, bool untilStdinEnds)
    {
        _interrupts = new Interrupts(_ => notice("leaving; once more leaves at once"));
        _stop = CancellationTokenSource.CreateLinkedTokenSource(_interrupts.Token, _stdinEnded.Token);
        if (untilStdinEnds)
        {
            // A read of stdin cannot be called off; a thread in the background does not hold up the end.
            new Thread(WatchStdin) { IsBackground = true, Name = "stdin" }.Start();
        }
    }

    public CancellationToken Stop => _stop.Token;

    public void Dispose()
    {
        _stop.Dispose();
        _interrupts.Dispose();
    }

    private void WatchStdin()
    {
        using Stream stdin = Console.OpenStandardInput();
        byte[] ignored = new byte[256];
        while (stdin.Read(ignored) > 0)
        {
        }

        _stdinEnded.Cancel();
        Thread.Sleep(Grace);
        Environment.Exit(CommandLine.RunFailed);
    }
}

using System.Diagnostics;

namespace DistTrain.Compare.Processes;

/// <summary>
/// Every process this program has started and not seen the end of. When it is interrupted or ends, all of
/// them are killed with what they have started themselves: nothing is left running, stopped ones included.
/// </summary>
internal sealed class Children : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<Process> _running = [];
    private readonly CancellationTokenRegistration _onStop;
    private bool _ended;

    /// <param name="stop">Ends all of them.</param>
    public Children(CancellationToken stop)
    {
        Stop = stop;
        _onStop = stop.Register(KillAll);
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>The program was interrupted.</summary>
    public CancellationToken Stop { get; }

    /// <exception cref="OperationCanceledException">The program was interrupted.</exception>
    public Process Start(ProcessStartInfo start)
    {
        lock (_lock)
        {
            Stop.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_ended, this);
            Process process = Process.Start(start)!;
            _running.Add(process);
            return process;
        }
    }

    /// <summary>It has ended.</summary>
    public void Forget(Process process)
    {
        lock (_lock)
        {
            _running.Remove(process);
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _onStop.Dispose();
        KillAll();
    }

    private void OnExit(object? sender, EventArgs e) => KillAll();

    private void KillAll()
    {
        lock (_lock)
        {
            _ended = true;
            foreach (Process process in _running)
            {
                process.Kill(entireProcessTree: true);
            }
            _running.Clear();
        }
    }
}

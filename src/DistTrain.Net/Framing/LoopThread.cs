using System.Runtime.CompilerServices;

namespace DistTrain.Net.Framing;

/// <summary>
/// A thread of a loop's own, on which it may block. The loop is written with await; after
/// <c>await thread.SwitchTo()</c> it is here, and as long as what it awaits has completed it stays.
/// One loop per thread, so that at most one continuation waits for it.
/// </summary>
internal sealed class LoopThread
{
    /// <summary>A loop is a few calls deep, and a coordinator has two threads for every link.</summary>
    private const int StackBytes = 512 << 10;

    private readonly Lock _startLock = new();
    private readonly object _gate = new();
    private readonly Thread _thread;
    private Action? _next;
    private bool _started;
    private bool _stopped;

    public LoopThread(string name)
        => _thread = new Thread(Run, StackBytes) { IsBackground = true, Name = name };

    public Switch SwitchTo() => new(this);

    /// <summary>The thread ends when the loop next leaves it; nothing switches to it any more.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _stopped = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Post(Action next)
    {
        lock (_startLock)
        {
            if (!_started)
            {
                _started = true;
                _thread.Start();
            }
        }
        lock (_gate)
        {
            _next = next;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (true)
        {
            Action next;
            lock (_gate)
            {
                while (_next is null)
                {
                    if (_stopped)
                    {
                        return;
                    }
                    Monitor.Wait(_gate);
                }
                next = _next;
                _next = null;
            }
            next();
        }
    }

    /// <summary>What <c>await</c> takes.</summary>
    internal readonly struct Switch(LoopThread thread) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => Thread.CurrentThread == thread._thread;

        public Switch GetAwaiter() => this;

        public void GetResult()
        {
            // A switch has no result.
        }

        public void OnCompleted(Action continuation) => thread.Post(continuation);

        public void UnsafeOnCompleted(Action continuation) => thread.Post(continuation);
    }
}

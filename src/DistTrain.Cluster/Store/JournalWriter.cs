using System.Threading.Channels;
using DistTrain.Api;
using DistTrain.Core;

namespace DistTrain.Cluster.Store;

/// <summary>
/// Brings kept events to their file in the background, so that whoever adds one never waits for a disk. Every
/// event is at any moment in exactly one place, in memory or in the file's whole lines, and
/// <see cref="Snapshot"/> sees both at once.
/// </summary>
internal sealed class JournalWriter : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly Lock _disk = new();
    private readonly EventFile _file;
    private readonly Action<string> _warn;

    /// <summary>Not in the file yet, oldest first.</summary>
    private readonly List<JobEvent> _pending = [];

    /// <summary>Wakes the loop. A full one is a wake-up already.</summary>
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private readonly Task _loop;
    private long _length;
    private bool _saidUnwritable;

    /// <param name="file">Is disposed with the writer.</param>
    /// <param name="warn">Is told, once until it works again, when the file cannot be written.</param>
    public JournalWriter(EventFile file, Action<string> warn)
    {
        (_file, _warn, _length) = (file, warn, file.Length);
        _loop = RunAsync();
    }

    /// <summary>Events that wait in memory because the file could not be written, or not yet.</summary>
    public int PendingCount
    {
        get
        {
            lock (_gate)
            {
                return _pending.Count;
            }
        }
    }

    public void Enqueue(JobEvent kept)
    {
        lock (_gate)
        {
            _pending.Add(kept);
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>All kept events: those in the first bytes of the file, and those after them.</summary>
    public (long Length, JobEvent[] Pending) Snapshot()
    {
        lock (_gate)
        {
            return (_length, [.. _pending]);
        }
    }

    /// <exception cref="RunFaultException">It cannot be written; the events wait on.</exception>
    public void WritePending(bool durably)
    {
        lock (_disk)
        {
            JobEvent[] batch = Snapshot().Pending;
            _file.Write(batch, durably || batch.Any(MustBeDurable));
            _saidUnwritable = false;
            lock (_gate)
            {
                _pending.RemoveRange(0, batch.Length);
                _length = _file.Length;
            }
        }
    }

    /// <summary>Writes what can be written.</summary>
    public async ValueTask DisposeAsync()
    {
        _wake.Writer.TryComplete();
        await _loop;
        _file.Dispose();
    }

    private static bool MustBeDurable(JobEvent kept)
        => kept.State is not null || kept.Started is not null || kept.Result is not null;

    private async Task RunAsync()
    {
        bool isOpen = true;
        while (isOpen)
        {
            isOpen = await _wake.Reader.WaitToReadAsync();
            _wake.Reader.TryRead(out _);
            try
            {
                WritePending(durably: !isOpen);
            }
            catch (RunFaultException e)
            {
                if (!_saidUnwritable)
                {
                    _saidUnwritable = true;
                    _warn($"{e.Message}; the job goes on, and writing is tried again");
                }
            }
        }
    }
}

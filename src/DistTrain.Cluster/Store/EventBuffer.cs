using System.Threading.Channels;
using DistTrain.Api;

namespace DistTrain.Cluster.Store;

/// <summary>
/// What one watcher has not read yet, bounded. When it is full the older half of its steps is dropped: a
/// watcher that cannot keep up sees fewer steps, evenly late, and everything else. When even that makes no
/// room the buffer is over and says so; the watcher then reads on from the file.
/// </summary>
internal sealed class EventBuffer(int capacity)
{
    private readonly Lock _gate = new();

    /// <summary>
    /// Wakes the reader; on a thread of its own, never on that of the writer. A full one is a wake-up
    /// already.
    /// </summary>
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private List<JobEvent> _waiting = [];
    private List<JobEvent> _taken = [];

    /// <summary>It could not take an event that must not be dropped, and holds nothing any more.</summary>
    public bool IsOverrun { get; private set; }

    /// <summary>Returns at once. After <see cref="Complete"/> or an overrun nothing is taken.</summary>
    public void Add(JobEvent happened)
    {
        lock (_gate)
        {
            if (IsOverrun || !MakeRoom(happened))
            {
                return;
            }

            _waiting.Add(happened);
        }

        _wake.Writer.TryWrite(true);
    }

    /// <summary>Nothing more will come; what waits can still be taken.</summary>
    public void Complete() => _wake.Writer.TryComplete();

    /// <summary>
    /// All that waits, at least one event; empty: it is over. The list holds until the next call.
    /// </summary>
    public async ValueTask<IReadOnlyList<JobEvent>> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_waiting.Count > 0)
                {
                    _taken.Clear();
                    (_waiting, _taken) = (_taken, _waiting);
                    return _taken;
                }
            }

            if (!await _wake.Reader.WaitToReadAsync(cancellation))
            {
                lock (_gate)
                {
                    // An event may have come between the look and the end.
                    if (_waiting.Count == 0)
                    {
                        return [];
                    }
                }
            }

            _wake.Reader.TryRead(out _);
        }
    }

    /// <summary>False: there is none, and the event is not to be added.</summary>
    private bool MakeRoom(JobEvent happened)
    {
        if (_waiting.Count < capacity)
        {
            return true;
        }

        int drop = (_waiting.Count(waiting => waiting.Step is not null) + 1) / 2;
        if (drop > 0)
        {
            _waiting.RemoveAll(waiting => waiting.Step is not null && drop-- > 0);
            return true;
        }

        if (happened.Step is null)
        {
            IsOverrun = true;
            _waiting.Clear();
            _wake.Writer.TryComplete();
        }

        return false;
    }
}

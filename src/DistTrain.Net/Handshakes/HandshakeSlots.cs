namespace DistTrain.Net.Handshakes;

/// <summary>
/// Places for handshakes under way, so many and no more. When all are taken and someone waits, whoever has
/// had a tenth of the handshake's time and is not through gives up its place, oldest first: a proper
/// handshake takes milliseconds, and connections that never finish one must not keep it out.
/// </summary>
internal sealed class HandshakeSlots(int places, TimeSpan timeout, TimeProvider time) : IDisposable
{
    /// <summary>Between giving up one place and giving up the next.</summary>
    private static readonly TimeSpan _breath = TimeSpan.FromMilliseconds(5);

    private readonly SemaphoreSlim _free = new(places, places);
    private readonly LinkedList<Slot> _taken = new();
    private readonly Lock _lock = new();

    public async Task<Slot> EnterAsync(CancellationToken cancellation)
    {
        while (!await _free.WaitAsync(UntilOldestIsDue(), cancellation))
        {
            GiveUpOldestIfDue();
        }
        var slot = new Slot(this, timeout, time, cancellation);
        lock (_lock)
        {
            _taken.AddLast(slot.Node);
        }
        return slot;
    }

    /// <summary>Waits until no handshake is under way, and lets none begin.</summary>
    public async Task DrainAsync()
    {
        for (int place = 0; place < places; place++)
        {
            await _free.WaitAsync();
        }
    }

    public void Dispose() => _free.Dispose();

    private TimeSpan UntilOldestIsDue()
    {
        lock (_lock)
        {
            var left = timeout / 10 - (_taken.First?.Value.Age ?? TimeSpan.Zero);
            return left > _breath ? left : _breath;
        }
    }

    private void GiveUpOldestIfDue()
    {
        Slot? oldest;
        lock (_lock)
        {
            oldest = _taken.First?.Value;
            if (oldest is null || oldest.Age < timeout / 10)
            {
                return;
            }
            _taken.Remove(oldest.Node);
        }
        oldest.GiveUp();
    }

    private void Leave(Slot slot)
    {
        lock (_lock)
        {
            if (slot.Node.List is not null)
            {
                _taken.Remove(slot.Node);
            }
        }
        _free.Release();
    }

    /// <summary>One place; disposing frees it.</summary>
    internal sealed class Slot : IDisposable
    {
        private readonly HandshakeSlots _slots;
        private readonly TimeProvider _time;
        private readonly long _start;
        private readonly CancellationTokenSource _timeout;
        private readonly CancellationTokenSource _linked;

        public Slot(HandshakeSlots slots, TimeSpan timeout, TimeProvider time, CancellationToken cancellation)
        {
            (_slots, _time, _start) = (slots, time, time.GetTimestamp());
            _timeout = new CancellationTokenSource(timeout, time);
            _linked = CancellationTokenSource.CreateLinkedTokenSource(_timeout.Token, cancellation);
            Node = new LinkedListNode<Slot>(this);
        }

        public LinkedListNode<Slot> Node { get; }

        public TimeSpan Age => _time.GetElapsedTime(_start);

        /// <summary>
        /// The handshake is to end: its time is up, its place is needed, or the listener stops.
        /// </summary>
        public CancellationToken Token => _linked.Token;

        public void GiveUp() => _timeout.CancelAfter(TimeSpan.Zero);

        public void Dispose()
        {
            _slots.Leave(this);
            _linked.Dispose();
            _timeout.Dispose();
        }
    }
}

using DistTrain.Core.Hosting;

namespace DistTrain.Runtime.Actors;

/// <summary>
/// A bounded mailbox read by one thread. The reader spins for a moment before it sleeps: between the shards
/// of a small model the next message is microseconds away, and a sleeping thread takes tens of them to wake.
/// Full mode: the protocol bounds what can be under way, so a full mailbox is a broken invariant and throws.
/// </summary>
internal sealed class OwnThreadMailbox(int capacity, int spins)
{
    private readonly Lock _lock = new();
    private readonly Queue<IMessage> _messages = new();
    private readonly SemaphoreSlim _wake = new(0);
    private volatile int _count;
    private bool _sleeping;
    private bool _closed;

    /// <summary>False when the mailbox is closed.</summary>
    public bool TryPost(IMessage message)
    {
        bool wake;
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }
            if (_messages.Count >= capacity)
            {
                throw new InvalidOperationException($"a mailbox of {capacity} messages is full");
            }
            _messages.Enqueue(message);
            _count = _messages.Count;
            wake = _sleeping;
            _sleeping = false;
        }
        if (wake)
        {
            _wake.Release();
        }
        return true;
    }

    /// <summary>No more messages; those already here are still handed out.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            if (_sleeping)
            {
                _sleeping = false;
                _wake.Release();
            }
        }
    }

    /// <summary>The next message; null once the mailbox is closed and empty.</summary>
    public IMessage? Take()
    {
        while (true)
        {
            for (int spin = 0; spin < spins && _count == 0; spin++)
            {
                Thread.SpinWait(10);
            }
            lock (_lock)
            {
                if (_messages.TryDequeue(out IMessage? message))
                {
                    _count = _messages.Count;
                    return message;
                }
                if (_closed)
                {
                    return null;
                }
                _sleeping = true;
            }
            _wake.Wait();
        }
    }
}

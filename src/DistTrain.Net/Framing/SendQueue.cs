using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using DistTrain.Net.Links;

namespace DistTrain.Net.Framing;

/// <summary>What became of an attempt to queue.</summary>
internal enum Offer
{
    Taken,
    Closed,

    /// <summary>The bound is reached: whoever offered is to close the link.</summary>
    Full,
}

/// <summary>
/// What waits to be written: control messages, and payloads. Many threads add, one loop takes.
/// Adding to an empty queue runs the loop on the thread that adds: writing a small frame costs less than
/// waking another thread for it. What is more than that the loop takes to its own thread.
/// </summary>
internal sealed class SendQueue(LinkOptions options) : IValueTaskSource<bool>
{
    private readonly Lock _lock = new();
    private readonly Queue<OutgoingMessage> _control = new();
    private readonly Queue<OutgoingPayload> _payloads = new();
    private ManualResetValueTaskSourceCore<bool> _wake;
    private long _controlBytes;
    private bool _asleep;
    private bool _closed;

    public Offer Add(OutgoingMessage message) => Enqueue(message, null);

    public Offer Add(OutgoingPayload payload) => Enqueue(null, payload);

    /// <summary>A control message and a payload behind it: both or neither; the loop is woken once.</summary>
    public Offer Add(OutgoingMessage message, OutgoingPayload payload)
        => Enqueue(message, payload);

    /// <summary>Nothing is added from here on; what is here can still be taken.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closed = true;
            if (!_asleep)
            {
                return;
            }
            _asleep = false;
        }
        Wake(onThisThread: false);
    }

    /// <summary>
    /// Waits until something can be taken or the queue is closed. False: closed. To be awaited before the
    /// next call.
    /// </summary>
    public ValueTask<bool> WaitAsync()
    {
        lock (_lock)
        {
            if (_closed || _control.Count > 0 || _payloads.Count > 0)
            {
                return new(!_closed);
            }
            _wake.Reset();
            _asleep = true;
            return new(this, _wake.Version);
        }
    }

    /// <summary>What waits is a payload, and this the thread that was lent for it.</summary>
    public bool IsOnLentThread
    {
        get
        {
            lock (_lock)
            {
                return _payloads.TryPeek(out OutgoingPayload? next) && next.IsOnLentThread;
            }
        }
    }

    /// <summary>What waits is control messages, and they come to no more than that.</summary>
    public bool IsSmall(int mostBytes)
    {
        lock (_lock)
        {
            return _payloads.Count == 0 && _controlBytes <= mostBytes && !_closed;
        }
    }

    /// <summary>The loop waits for something to take.</summary>
    public bool IsAsleep
    {
        get
        {
            lock (_lock)
            {
                return _asleep;
            }
        }
    }

    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    public bool TryTake(out OutgoingMessage message)
    {
        lock (_lock)
        {
            bool taken = _control.TryDequeue(out message);
            _controlBytes -= taken ? message.Bytes : 0;
            return taken;
        }
    }

    public bool TryTake([NotNullWhen(true)] out OutgoingPayload? payload)
    {
        lock (_lock)
        {
            return _payloads.TryDequeue(out payload);
        }
    }

    bool IValueTaskSource<bool>.GetResult(short token)
    {
        _wake.GetResult(token);
        return !IsClosed;
    }

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _wake.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _wake.OnCompleted(continuation, state, token, flags);

    private Offer Enqueue(OutgoingMessage? message, OutgoingPayload? payload)
    {
        lock (_lock)
        {
            if (_closed)
            {
                return Offer.Closed;
            }
            if ((message is not null && !HasRoomFor(message.Value))
                || (payload is not null && _payloads.Count >= options.PayloadQueue))
            {
                return Offer.Full;
            }
            if (message is { } control)
            {
                _control.Enqueue(control);
                _controlBytes += control.Bytes;
            }
            if (payload is not null)
            {
                _payloads.Enqueue(payload);
            }
            if (!_asleep)
            {
                return Offer.Taken;
            }
            _asleep = false;
        }
        Wake(onThisThread: true);
        return Offer.Taken;
    }

    private bool HasRoomFor(OutgoingMessage message)
        => _control.Count < options.ControlQueue
            && _controlBytes + message.Bytes <= options.ControlQueueBytes;

    private void Wake(bool onThisThread)
    {
        _wake.RunContinuationsAsynchronously = !onThisThread;
        _wake.SetResult(true);
    }
}

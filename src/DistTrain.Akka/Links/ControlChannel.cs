using Akka.Actor;
using DistTrain.Akka.Messages;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Akka.Links;

/// <summary>
/// The sending half of a control channel: numbers frames, and bounds what the other end has not acknowledged,
/// for Akka.Remote has no bound of its own. Full mode: the channel says so, and its link is closed.
/// </summary>
/// <param name="id">Drawn by the worker's end.</param>
/// <param name="self">The actor of this end.</param>
/// <param name="peer">That of the other.</param>
/// <param name="options">The bounds.</param>
internal sealed class ControlChannel(ulong id, IActorRef self, IActorRef peer, LinkOptions options)
{
    private readonly Lock _lock = new();
    private readonly Queue<int> _lengths = new();
    private long _sent;
    private long _acknowledged;
    private long _waitingBytes;
    private bool _closed;

    /// <summary>Of the other end's actor system.</summary>
    public Address PeerAddress => peer.Path.Address;

    /// <summary>Bytes of all bodies sent.</summary>
    public long BytesSent { get; private set; }

    /// <summary>null: the other end does not keep up. False: the channel is closed.</summary>
    /// <exception cref="ArgumentException">It does not travel, or is too long for any link.</exception>
    public bool? TrySend(IMessage message)
    {
        byte[] body = ControlEncoding.Encode(
            message, Math.Min(options.MostControlBytes, ControlSerializer.MostBodyBytes));
        lock (_lock)
        {
            if (_closed)
            {
                return false;
            }
            if (_lengths.Count >= options.ControlQueue
                || _waitingBytes + body.Length > options.ControlQueueBytes)
            {
                return null;
            }
            _lengths.Enqueue(body.Length);
            _waitingBytes += body.Length;
            BytesSent += body.Length;
            // Under the lock, so that frames go out in the order of their numbers.
            peer.Tell(new ControlFrame(id, ++_sent, body), self);
            return true;
        }
    }

    /// <summary>The other end has handled everything up to this frame.</summary>
    public void Acknowledge(long sequence)
    {
        lock (_lock)
        {
            for (; _acknowledged < Math.Min(sequence, _sent); _acknowledged++)
            {
                _waitingBytes -= _lengths.Dequeue();
            }
        }
    }

    /// <summary>Tells the other end why, once.</summary>
    public void Close(string reason)
    {
        lock (_lock)
        {
            if (!_closed)
            {
                _closed = true;
                peer.Tell(new ControlClosed(id, Cut(reason)), self);
            }
        }
    }

    private static string Cut(string reason) => reason.Length <= 1024 ? reason : reason[..1024];
}

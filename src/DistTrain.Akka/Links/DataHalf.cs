using DistTrain.Core.Hosting;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Akka.Links;

/// <summary>
/// Hears a data link, and passes on to the link's handler what comes over it and what the control channel
/// brings. Calls come one at a time, with one exception: while a payload's place is waited for, control
/// messages are still delivered, as they would overtake it.
/// </summary>
/// <param name="closed">Called once when the data link has ended.</param>
internal sealed class DataHalf(Action<string> closed) : ILinkHandler
{
    private readonly Lock _gate = new();
    private ILinkHandler? _handler;
    private string? _reason;

    /// <summary>Bytes of the control messages that were delivered.</summary>
    public long ControlBytes { get; private set; }

    /// <summary>Both halves are there: from now on everything goes to the link's handler.</summary>
    /// <returns>False: the data link has ended meanwhile.</returns>
    public bool Attach(Func<ILinkHandler> handlerOf)
    {
        lock (_gate)
        {
            if (_reason is not null)
            {
                return false;
            }
            _handler = handlerOf();
            return true;
        }
    }

    /// <summary>What the control channel brought.</summary>
    /// <exception cref="ProtocolFaultException">The bytes are no message, or none for this end.</exception>
    public void Deliver(byte[] body)
    {
        IMessage message = ControlEncoding.Decode(body);
        lock (_gate)
        {
            ControlBytes += body.Length;
            if (_reason is null)
            {
                Handler.OnMessage(message);
            }
        }
    }

    public void OnMessage(IMessage message)
    {
        lock (_gate)
        {
            Handler.OnMessage(message);
        }
    }

    public ValueTask<Payload?> OnPayloadAsync(
        IMessage announcement, long bytes, CancellationToken cancellation)
        => Handler.OnPayloadAsync(announcement, bytes, cancellation);

    public void OnPayloadReceived(IMessage announcement)
    {
        lock (_gate)
        {
            Handler.OnPayloadReceived(announcement);
        }
    }

    public void OnClosed(string reason)
    {
        lock (_gate)
        {
            _reason = reason;
            _handler?.OnClosed(reason);
        }
        closed(reason);
    }

    private ILinkHandler Handler => _handler
        ?? throw new ProtocolFaultException("something came over a data link without a control channel");
}

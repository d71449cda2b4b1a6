using System.Net.Sockets;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Framing;

/// <summary>
/// A link over a stream: a socket's, TLS over one, or memory. Two loops, each alone with its direction, each
/// with a thread of its own: heartbeats must not wait for a thread pool that others have filled.
/// <code>
///   open ──Close, overflow──► closing: reading stops; farewell within the grace ──► closed
///    │                                                                                ▲
///    ├──bad frame, handler's fault──► as Close, the fault is the reason ──────────────┤
///    └──other end closed or lost──► writing stops at once ────────────────────────────┘
/// </code>
/// The first reason stands. The handler hears of it from the read loop, when that has stopped: from then on
/// its memory is not written. Payloads not sent are given back when the write loop has stopped, at the latest
/// when the grace is over.
/// </summary>
internal sealed class FramedLink : ILink
{
    /// <summary>
    /// How long a write under way may take once the link closes, and how long an end that cannot write waits
    /// to read why. Short, for the memory of a payload that hangs is given back only then.
    /// </summary>
    private static readonly TimeSpan _grace = TimeSpan.FromMilliseconds(250);

    private readonly Stream _stream;
    private readonly Socket? _socket;
    private readonly LinkOptions _options;
    private readonly SendQueue _queue;
    private readonly LoopThread _readThread = new("link read");
    private readonly LoopThread _writeThread = new("link write");
    private readonly WriteLoop _writeLoop;

    // Never disposed: Close may come at any time, and neither holds anything of the system's.
    private readonly CancellationTokenSource _stopReading = new();
    private readonly CancellationTokenSource _stopWriting = new();
    private ReadLoop? _readLoop;
    private Task? _running;
    private string? _reason;
    private string? _writeFault;

    /// <param name="stream">Owned by the link from here on.</param>
    /// <param name="socket">Below the stream; null: there is none.</param>
    public FramedLink(Stream stream, Socket? socket, PeerIdentity peer, LinkOptions options)
    {
        (_stream, _socket, Peer, _options) = (stream, socket, peer, options);
        _queue = new SendQueue(options);
        _writeLoop = new WriteLoop(
            stream, options, _queue, _writeThread, () => socket?.Poll(0, SelectMode.SelectWrite) ?? true);
    }

    public PeerIdentity Peer { get; }

    public LinkTraffic Traffic => new(_writeLoop.BytesSent, _readLoop?.BytesReceived ?? 0);

    /// <summary>To be called once; until then nothing is read, and what is sent waits.</summary>
    public void Start(Func<ILink, ILinkHandler> handlerOf)
    {
        ILinkHandler handler;
        try
        {
            handler = handlerOf(this);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
        _readLoop = new ReadLoop(_stream, _options, handler, _readThread);
        _running = RunAsync(_readLoop, handler);
    }

    public bool TrySend(IMessage message)
        => Settle(_queue.Add(OutgoingMessage.From(message, _options)), "control messages");

    public bool TrySend(
        IMessage announcement, Payload payload, Action<bool> released, IMessage? ahead = null,
        bool lendsThread = false)
    {
        var outgoing = new OutgoingPayload(
            OutgoingMessage.From(announcement, _options), payload, released, lendsThread);
        return Settle(
            ahead is null
                ? _queue.Add(outgoing)
                : _queue.Add(OutgoingMessage.From(ahead, _options), outgoing),
            ahead is null ? "payloads" : "messages");
    }

    public void Close(string reason) => Close(reason, _grace);

    /// <summary>
    /// Closes and waits for both loops. Not from within the handler, which the loops would wait for.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Close("the link was disposed");
        if (_running is not null)
        {
            await _running;
        }
        else
        {
            _writeLoop.ReleaseAll();
            await _stream.DisposeAsync();
        }
    }

    private bool Settle(Offer offer, string what)
    {
        if (offer == Offer.Full)
        {
            Close($"the other end reads too slowly: too many {what} wait for it");
        }
        return offer == Offer.Taken;
    }

    private void Close(string reason, TimeSpan grace)
    {
        if (Interlocked.CompareExchange(ref _reason, reason, null) is null)
        {
            _stopWriting.CancelAfter(grace);
            _queue.Close();
            // What the cancellation resumes is not to run here, where a caller may hold locks.
            _ = _stopReading.CancelAsync();
        }
    }

    private async Task RunAsync(ReadLoop readLoop, ILinkHandler handler)
    {
        var writing = WriteAsync();
        try
        {
            await ReadAsync(readLoop);
        }
        finally
        {
            try
            {
                handler.OnClosed(_reason!);
            }
            finally
            {
                await writing;
                _readThread.Stop();
                _writeThread.Stop();
                await Lingering.CloseAsync(_stream, _socket, _grace);
                // Whoever waits for the end is not to go on on a thread that ends.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            }
        }
    }

    private async Task ReadAsync(ReadLoop readLoop)
    {
        try
        {
            Close(await readLoop.RunAsync(_stopReading.Token), TimeSpan.Zero);
        }
        catch (ProtocolFaultException fault)
        {
            Close(fault.Message);
        }
        catch (OperationCanceledException) when (_stopReading.IsCancellationRequested)
        {
            Close(_writeFault!);
        }
        catch (Exception fault) when (IsLoss(fault))
        {
            Close(Lost(fault), TimeSpan.Zero);
        }
        catch (Exception fault)
        {
            Close($"this end failed: {fault.GetType().Name}: {fault.Message}");
            throw;
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            await _writeLoop.RunAsync(_stopWriting.Token);
            await _writeLoop.FarewellAsync(_reason!, _stopWriting.Token);
        }
        catch (OperationCanceledException) when (_stopWriting.IsCancellationRequested)
        {
            // The other end does not read: it hears of the end from its socket.
        }
        catch (Exception fault) when (IsLoss(fault))
        {
            // The other end's reason may lie unread on our side: reading finds it, or the loss.
            _writeFault = Lost(fault);
            _stopReading.CancelAfter(_grace);
        }
        catch (Exception fault)
        {
            Close($"this end failed: {fault.GetType().Name}: {fault.Message}");
            throw;
        }
        finally
        {
            _queue.Close();
            // We may be on the thread of whoever sends: owners are not called under its locks.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            _writeLoop.ReleaseAll();
        }
    }

    private static bool IsLoss(Exception fault)
        => fault is IOException or SocketException or ObjectDisposedException;

    private static string Lost(Exception fault) => $"the connection was lost: {fault.Message}";
}

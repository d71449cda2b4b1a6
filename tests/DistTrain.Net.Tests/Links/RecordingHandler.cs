using System.Collections.Concurrent;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;

namespace DistTrain.Net.Tests.Links;

/// <summary>A handler that notes what it hears, and holds back where a test says so.</summary>
internal sealed class RecordingHandler : ILinkHandler, IDisposable
{
    private readonly TaskCompletionSource<string> _closed = new(
        TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly BlockingCollection<object> _events = [];
    private readonly List<NativeBuffer<byte>> _buffers = [];
    private int _closings;

    /// <summary>Payloads are received; false: read past.</summary>
    public bool Wants { get; init; } = true;

    /// <summary>Awaited before a payload's memory is given.</summary>
    public Func<CancellationToken, Task> BeforePayload { get; init; } = _ => Task.CompletedTask;

    /// <summary>Called in OnMessage.</summary>
    public Action<IMessage> Hearing { get; init; } = _ => { };

    /// <summary>Memory of the payload begun last.</summary>
    public NativeBuffer<byte> Buffer => _buffers[^1];

    public int Closings => Volatile.Read(ref _closings);

    /// <summary>Memory of all payloads begun.</summary>
    public IReadOnlyList<NativeBuffer<byte>> Buffers => _buffers;

    public Task<string> Closed => _closed.Task.WaitAsync(Patience.Limit);

    public void OnMessage(IMessage message)
    {
        Hearing(message);
        _events.Add(message);
    }

    public async ValueTask<Payload?> OnPayloadAsync(
        IMessage announcement, long bytes, CancellationToken cancellation)
    {
        _events.Add(new Begun(announcement, bytes));
        await BeforePayload(cancellation);
        if (!Wants)
        {
            return null;
        }
        _buffers.Add(new NativeBuffer<byte>(bytes));
        return Payload.Of(Buffer);
    }

    public void OnPayloadReceived(IMessage announcement) => _events.Add(new Received(announcement));

    public void OnClosed(string reason)
    {
        Interlocked.Increment(ref _closings);
        _closed.TrySetResult(reason);
    }

    /// <summary>The next thing heard.</summary>
    public T Next<T>() => Next().ShouldBeOfType<T>();

    public object Next()
        => _events.TryTake(out object? heard, Patience.Limit)
            ? heard
            : throw new TimeoutException("nothing was heard");

    public bool HeardNothing => _events.Count == 0;

    /// <summary>To be called when the link is gone.</summary>
    public void Dispose()
    {
        _buffers.ForEach(buffer => buffer.Dispose());
        _events.Dispose();
    }
}

internal sealed record Begun(IMessage Announcement, long Bytes);

internal sealed record Received(IMessage Announcement);

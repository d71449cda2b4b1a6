using System.Diagnostics;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;

namespace DistTrain.Compare.ControlPlane;

/// <summary>Times messages that come back: one is sent when the one before has returned.</summary>
internal sealed class Answers : IDisposable
{
    private readonly AutoResetEvent _back = new(false);

    /// <summary>A message has come back.</summary>
    public void Returned() => _back.Set();

    /// <summary>The median of so many round trips, in microseconds.</summary>
    public double Median(Action send, int count)
    {
        var times = new double[count];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            send();
            _back.WaitOne();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Array.Sort(times);
        return times[count / 2];
    }

    public void Dispose() => _back.Dispose();
}

/// <summary>An actor that passes on whatever it is told.</summary>
internal sealed class Passer(Action<IMessage> pass) : IActor
{
    public void Receive(IMessage message) => pass(message);

    public void Dispose() { }
}

/// <summary>A link's end that passes on whatever it hears.</summary>
internal sealed class Ear(Action<IMessage> pass) : ILinkHandler
{
    public void OnMessage(IMessage message) => pass(message);

    public ValueTask<Payload?> OnPayloadAsync(
        IMessage announcement, long bytes, CancellationToken cancellation)
        => ValueTask.FromResult<Payload?>(null);

    public void OnPayloadReceived(IMessage announcement) { }

    public void OnClosed(string reason) { }
}

namespace DistTrain.Core.Tests.Cluster.Histories;

/// <summary>Events by their time, and in the order they were planned where times are equal.</summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Number)> _events = new();
    private long _planned;

    public TimeSpan Now { get; private set; }

    public void After(TimeSpan delay, Action action) => _events.Enqueue(action, (Now + delay, _planned++));

    public void After(int milliseconds, Action action)
        => After(TimeSpan.FromMilliseconds(milliseconds), action);

    /// <summary>Performs everything up to a time, or until enough is reached.</summary>
    /// <returns>Whether it was.</returns>
    public bool RunUntil(TimeSpan end, Func<bool> enough)
    {
        while (!enough())
        {
            if (!_events.TryPeek(out _, out (TimeSpan At, long) next) || next.At > end)
            {
                return false;
            }
            Action action = _events.Dequeue();
            Now = next.At;
            action();
        }
        return true;
    }
}

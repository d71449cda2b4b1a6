using DistTrain.Api;

namespace DistTrain.Cluster.Coordinator;

/// <summary>The cluster's own log: said at once, and its last lines kept for whoever asks.</summary>
internal sealed class ClusterLog(Action<string> say, TimeProvider time)
{
    private const int LinesKept = 200;
    private readonly Lock _lock = new();
    private readonly Queue<LogLine> _lines = new();

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public void Write(string text)
    {
        lock (_lock)
        {
            _lines.Enqueue(new LogLine(time.GetUtcNow(), text));
            if (_lines.Count > LinesKept)
            {
                _lines.Dequeue();
            }
        }
        say(text);
    }
}

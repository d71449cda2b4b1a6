namespace DistTrain.Api.Client;

/// <summary>
/// How long a watcher has been without its coordinator, what it says of that, and how long it waits before
/// it tries again: the pauses double until events flow again, so that a server which takes connections only
/// to drop them is not hammered.
/// </summary>
internal sealed class Outage(ClusterClientOptions options, ServerFaults faults)
{
    private TimeSpan _pause = options.FirstPause;
    private long? _began;

    public bool IsTooLong => _began is { } began && options.Time.GetElapsedTime(began) > options.GiveUpAfter;

    /// <summary>The connection was lost.</summary>
    public void Begin(string reason)
    {
        _began = options.Time.GetTimestamp();
        options.Notice($"{faults.Server}: the connection is lost ({reason}); trying again");
    }

    /// <summary>A connection is there again.</summary>
    public void Healed()
    {
        _began = null;
        options.Notice($"{faults.Server}: connected again");
    }

    /// <summary>Events flow: the next outage begins with a short pause.</summary>
    public void End() => _pause = options.FirstPause;

    public async Task PauseAsync(CancellationToken cancellation)
    {
        await Task.Delay(_pause, options.Time, cancellation);
        _pause = _pause * 2 < options.LongestPause ? _pause * 2 : options.LongestPause;
    }
}

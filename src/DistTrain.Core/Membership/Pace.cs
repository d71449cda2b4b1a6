namespace DistTrain.Core.Membership;

/// <summary>Keeps something that is repeated from being repeated more often than once in a period.</summary>
internal sealed class Pace
{
    private TimeSpan? _last;

    /// <summary>True, and counted as done now, when a period has passed since the last time.</summary>
    public bool IsDue(TimeSpan now, TimeSpan period)
    {
        if (_last is { } last && now - last < period)
        {
            return false;
        }
        _last = now;
        return true;
    }

    /// <summary>It was done now, without being due.</summary>
    public void Done(TimeSpan now) => _last = now;
}

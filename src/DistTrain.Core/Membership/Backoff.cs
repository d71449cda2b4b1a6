using DistTrain.Core.Sampling;

namespace DistTrain.Core.Membership;

/// <summary>
/// How long to wait before the next try: twice as long each time, from 100 ms to 5 s, less up to half of it
/// by chance, so that nodes that lost one coordinator together do not all knock at once. The chance follows
/// from a key alone: a history can be played again.
/// </summary>
public sealed class Backoff(long key)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private ulong _draws;
    private int _tries;

    /// <summary>The wait before the next try.</summary>
    public TimeSpan Next()
    {
        TimeSpan whole = Shortest * (1L << Math.Min(_tries, 10));
        whole = whole < Longest ? whole : Longest;
        _tries++;
        TimeSpan wait = whole * (1 - KeyedRandom.Uniform((ulong)key, _draws++) / 2);
        return wait > Shortest ? wait : Shortest;
    }

    /// <summary>All went well for a while: the next failure is a first one again.</summary>
    public void Reset() => _tries = 0;
}

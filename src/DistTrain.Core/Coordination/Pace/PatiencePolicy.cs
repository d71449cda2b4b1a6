namespace DistTrain.Core.Coordination.Pace;

/// <summary>
/// How long an order may stay unanswered before it is given again. A worker that is merely slow is left in
/// peace: its usual time counts, and each repeat waits twice as long as the one before.
/// </summary>
internal static class PatiencePolicy
{
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(2);

    /// <summary>
    /// With a worker that has not answered anything yet: its first gradient may be large and its link slow,
    /// and what is asked for again while it is on its way travels twice.
    /// </summary>
    public static readonly TimeSpan WithTheUnknown = TimeSpan.FromSeconds(10);

    private const double UsualTimes = 4;
    private const int MostDoublings = 5;

    /// <param name="usual">What this worker usually takes for the units it owes; zero when not known.</param>
    /// <param name="repeats">Repeats since it was last heard of.</param>
    public static TimeSpan RepeatAfter(TimeSpan usual, int repeats)
    {
        TimeSpan first = usual == TimeSpan.Zero ? WithTheUnknown : usual * UsualTimes;
        return (first > Least ? first : Least) * (1 << Math.Min(repeats, MostDoublings));
    }
}

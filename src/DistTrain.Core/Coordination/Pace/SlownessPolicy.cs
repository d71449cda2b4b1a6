namespace DistTrain.Core.Coordination.Pace;

/// <summary>
/// When a worker counts as slow: when the others wait for it noticeably. It becomes slow once its step takes
/// half as long again as the median of the others' and they wait some milliseconds, and stops being slow
/// well below that, so that the name does not come and go. A worker that is given fewer shards because of its
/// speed is waited for no more, and so is no longer slow.
/// </summary>
internal static class SlownessPolicy
{
    public const double BecomesSlowAt = 1.5;
    public const double StaysSlowAbove = 1.2;

    /// <summary>Shorter waits are those of a scheduler, not of a machine.</summary>
    public static readonly TimeSpan NoticeableWait = TimeSpan.FromMilliseconds(5);

    /// <summary>A worker that becomes slow again and again is named no more often than this.</summary>
    public static readonly TimeSpan NamedAgainAfter = TimeSpan.FromMinutes(1);

    /// <param name="wasSlow">What was said of it last.</param>
    /// <param name="own">Its step time.</param>
    /// <param name="others">Median of the others' step times; zero when there are none.</param>
    public static bool IsSlow(bool wasSlow, TimeSpan own, TimeSpan others)
        => others > TimeSpan.Zero
            && own > (wasSlow ? StaysSlowAbove : BecomesSlowAt) * others
            && (wasSlow || own - others >= NoticeableWait);
}

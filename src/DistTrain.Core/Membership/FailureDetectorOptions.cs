namespace DistTrain.Core.Membership;

/// <summary>How long silence is borne. A closed socket needs no waiting: it is noticed at once.</summary>
public sealed record FailureDetectorOptions
{
    /// <summary>
    /// Both ends of a link send a heartbeat this often. Shorter: silence is told from slowness sooner, at the
    /// price of messages.
    /// </summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Silence after which a node is suspected: it is shown as such and gets no new run, but keeps its
    /// shards.
    /// </summary>
    public TimeSpan SuspectAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Silence after which a node is removed: its link is closed and its shards go to others. Shorter: a
    /// hung node costs less; longer: a node that only stalls is not thrown out.
    /// </summary>
    public TimeSpan RemoveAfter { get; init; } = TimeSpan.FromSeconds(5);
}

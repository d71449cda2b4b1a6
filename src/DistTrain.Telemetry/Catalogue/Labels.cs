namespace DistTrain.Telemetry.Catalogue;

/// <summary>
/// Keys of labels. Those with values that come and go (jobs, workers) are on series that go with them.
/// </summary>
internal static class Labels
{
    /// <summary>Not <c>job</c>: that is what Prometheus calls a target's own.</summary>
    public const string Job = "job_id";
    public const string Worker = "worker";
    public const string Phase = "phase";
    public const string Part = "part";
    public const string Split = "split";
    public const string Outcome = "outcome";
    public const string State = "state";
    public const string Reason = "reason";
    public const string Direction = "direction";
    public const string Device = "device";
    public const string Release = "version";
    public const string Role = "role";
}

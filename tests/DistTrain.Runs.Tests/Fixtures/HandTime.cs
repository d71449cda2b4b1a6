namespace DistTrain.Runs.Tests.Fixtures;

/// <summary>
/// A clock and a calendar that stand still until they are moved; they begin with FakeTimes.
/// </summary>
internal sealed class HandTime : TimeProvider
{
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void At(TimeSpan now) => _now = now;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => FakeTimes.Start + _now;
}

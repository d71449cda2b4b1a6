namespace DistTrain.Core.Coordination;

/// <summary>How long steps and epochs take. Metrics alone look at it; no decision does.</summary>
internal sealed class EpochClock
{
    private TimeSpan? _epochStart;
    private TimeSpan _stepStart;
    private TimeSpan _training;
    private long _samples;

    /// <summary>Samples of the epoch over the time spent in steps; evaluation and saving left out.</summary>
    public double SamplesPerSecond => _training > TimeSpan.Zero ? _samples / _training.TotalSeconds : 0;

    public void BeginStep(TimeSpan now)
    {
        _epochStart ??= now;
        _stepStart = now;
    }

    /// <summary>The time the step took.</summary>
    public TimeSpan EndStep(TimeSpan now, long samples)
    {
        _training += now - _stepStart;
        _samples += samples;
        return now - _stepStart;
    }

    /// <summary>The time the epoch took; the next one begins with its first step.</summary>
    public TimeSpan EndEpoch(TimeSpan now)
    {
        TimeSpan elapsed = now - (_epochStart ?? now);
        _epochStart = null;
        _training = default;
        _samples = 0;
        return elapsed;
    }
}

namespace DistTrain.Cli.Terminal;

/// <summary>
/// Tells from what was done lately how fast training goes and how long it will take. Its clock runs while the
/// model trains and stands still during evaluation, which is measured apart and added for every epoch to
/// come.
/// </summary>
/// <param name="window">How far "lately" reaches back; two observations are kept in any case.</param>
public sealed class TrainingPace(TimeSpan window)
{
    private readonly Queue<(TimeSpan At, long Samples)> _observed = new();
    private (TimeSpan At, long Samples) _newest;
    private TimeSpan _evaluation;
    private int _evaluations;

    /// <summary>null until two different counts were observed.</summary>
    public double? SamplesPerSecond
    {
        get
        {
            if (_observed.Count < 2)
            {
                return null;
            }

            (TimeSpan at, long samples) = _observed.Peek();
            double seconds = (_newest.At - at).TotalSeconds;
            return seconds > 0 ? (_newest.Samples - samples) / seconds : null;
        }
    }

    /// <param name="at">Time spent training so far.</param>
    /// <param name="samples">Samples trained on so far; a count seen before is passed over.</param>
    public void Observe(TimeSpan at, long samples)
    {
        if (_observed.Count > 0 && samples == _newest.Samples)
        {
            return;
        }

        _newest = (at, samples);
        _observed.Enqueue(_newest);
        while (_observed.Count > 2 && at - _observed.Peek().At > window)
        {
            _observed.Dequeue();
        }
    }

    /// <summary>An evaluation at an epoch's end took this long.</summary>
    public void ObserveEvaluation(TimeSpan duration)
    {
        _evaluation += duration;
        _evaluations++;
    }

    /// <param name="samples">Samples still to train on.</param>
    /// <param name="evaluations">Evaluations still to come, one in progress included.</param>
    /// <param name="evaluating">How long the one in progress has taken; zero: none is.</param>
    /// <returns>null while the pace is unknown.</returns>
    public TimeSpan? Remaining(long samples, int evaluations, TimeSpan evaluating)
    {
        if (SamplesPerSecond is not (> 0 and double rate))
        {
            return null;
        }

        TimeSpan each = _evaluations == 0 ? TimeSpan.Zero : _evaluation / _evaluations;
        TimeSpan ahead = each * evaluations - (evaluating < each ? evaluating : each);
        double seconds = samples / rate + Math.Max(ahead.TotalSeconds, 0);
        return seconds < TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds(seconds) : null;
    }
}

namespace DistTrain.Core.Coordination.Pace;

/// <summary>
/// How long one worker takes for one sample, smoothed over its steps. A step counts as the median of the
/// last three, so that one hiccup (a lost message, a thread that had to wait) leaves no trace, and medians
/// are averaged with a weight that halves about every three steps, so that a lasting change shows soon.
/// </summary>
internal sealed class PaceMeter
{
    /// <summary>Steps after which the figure is worth acting on.</summary>
    public const int EnoughSteps = 3;

    /// <summary>Weight of the newest median.</summary>
    private const double Weight = 0.25;

    /// <summary>What an estimate keeps each time it is found not to have been renewed.</summary>
    private const double Fading = 0.97;

    private double _last;
    private double _beforeLast;
    private int _steps;

    /// <summary>Zero: not known.</summary>
    public double SecondsPerSample { get; private set; }

    public bool IsMeasured => _steps >= EnoughSteps && SecondsPerSample > 0;

    /// <param name="seconds">From the order to the last unit.</param>
    /// <param name="samples">Of the whole order; at least 1.</param>
    public void Observe(double seconds, int samples)
    {
        // A clock may stand still between two messages; a time of zero would make a worker infinitely fast.
        double now = Math.Max(seconds, 1e-9) / samples;
        double smoothed = _steps switch
        {
            0 => now,
            1 => Math.Min(now, _last),
            _ => Math.Max(Math.Min(now, _last), Math.Min(Math.Max(now, _last), _beforeLast)),
        };
        SecondsPerSample = _steps < EnoughSteps
            ? smoothed
            : SecondsPerSample + Weight * (smoothed - SecondsPerSample);
        _beforeLast = _last;
        _last = now;
        _steps = Math.Min(_steps + 1, EnoughSteps);
    }

    /// <summary>
    /// To be told now and then of a worker that is given nothing: its figure grows better with time, until it
    /// is tried again. Otherwise one bad hour would leave a worker idle for good.
    /// </summary>
    public void Fade() => SecondsPerSample *= Fading;
}

namespace DistTrain.Study.Sweeps;

/// <summary>
/// Tells when a sweep has gone too far: the smoothed loss is not finite, or above four times its best. Beyond
/// that point there is nothing to learn but how large a number can get.
/// </summary>
public sealed class BlowUp(double beta)
{
    /// <summary>Factor over the best smoothed loss.</summary>
    public const double Factor = 4;

    /// <summary>
    /// A loss that all but vanishes may well rise fourfold; below this share of the first loss the best one
    /// counts as this.
    /// </summary>
    private const double LeastShare = 0.05;

    private readonly LossSmoothing _smoothing = new(beta);
    private double? _first;
    private double _best = double.PositiveInfinity;

    /// <summary>Whether the sweep ends with this loss.</summary>
    public bool EndsWith(double loss)
    {
        double smooth = _smoothing.Add(loss);
        if (!double.IsFinite(smooth))
        {
            return true;
        }

        _first ??= smooth;
        _best = Math.Min(_best, smooth);
        return smooth > Factor * Math.Max(_best, LeastShare * _first.Value);
    }
}

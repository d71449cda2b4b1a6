namespace DistTrain.Cli.Terminal;

/// <summary>
/// An exponential moving average that is right from the first value on: the weights that the start still
/// lacks are divided out, as Adam does with its moments (Kingma and Ba 2015, section 3).
/// </summary>
/// <param name="span">Values it looks back on, roughly: the newest weighs 1/span.</param>
public sealed class Smoothed(double span)
{
    private readonly double _decay = 1 - 1 / Math.Max(span, 1);
    private double _sum;
    private double _weight;

    /// <summary>null before the first value.</summary>
    public double? Value => _weight > 0 ? _sum / _weight : null;

    /// <summary>Takes a value in; what is not finite is passed over.</summary>
    public void Add(double value)
    {
        if (double.IsFinite(value))
        {
            _sum = _sum * _decay + value * (1 - _decay);
            _weight = _weight * _decay + (1 - _decay);
        }
    }
}

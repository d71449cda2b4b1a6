namespace DistTrain.Study.Tuning.Samplers;

/// <summary>A density on [0, 1) that can be drawn from; nowhere zero, thanks to its prior.</summary>
internal interface IDensity
{
    double At(double x);
    double Draw(SampleStream stream);
}

/// <summary>
/// A Gaussian around every point, cut off at the ends of [0, 1], and one wide Gaussian in the middle as the
/// prior, all of equal weight. A point's width is the larger distance to its neighbours, within bounds, so
/// that densely tried places are drawn finely.
/// </summary>
internal sealed class ParzenDensity : IDensity
{
    private readonly (double Centre, double Width, double Mass)[] _parts;

    public ParzenDensity(IReadOnlyList<double> points)
    {
        double[] centres = [.. points.Append(0.5).Order()];
        int prior = Array.IndexOf(centres, 0.5);
        double narrowest = 1.0 / Math.Min(100, centres.Length + 1);
        _parts = [.. centres.Select((centre, i) =>
        {
            double left = centre - (i > 0 ? centres[i - 1] : 0);
            double right = (i < centres.Length - 1 ? centres[i + 1] : 1) - centre;
            double width = i == prior ? 1 : Math.Clamp(Math.Max(left, right), narrowest, 1);
            return (centre, width, Cumulative((1 - centre) / width) - Cumulative(-centre / width));
        })];
    }

    public double At(double x)
    {
        double sum = 0;
        foreach ((double centre, double width, double mass) in _parts)
        {
            double z = (x - centre) / width;
            sum += Math.Exp(-z * z / 2) / (width * Math.Sqrt(2 * Math.PI) * mass);
        }

        return sum / _parts.Length;
    }

    public double Draw(SampleStream stream)
    {
        (double centre, double width, _) = _parts[(int)(stream.Uniform() * _parts.Length)];
        while (true)
        {
            // At least a third of every part lies inside, so that this takes three goes on average at most.
            double x = centre + width * stream.Normal();
            if (x is >= 0 and < 1)
            {
                return x;
            }
        }
    }

    /// <summary>
    /// The normal distribution function, by Abramowitz and Stegun's formula 7.1.26; off by 1e-7 at most.
    /// </summary>
    internal static double Cumulative(double z)
    {
        double x = Math.Abs(z) / Math.Sqrt(2), t = 1 / (1 + 0.3275911 * x);
        double tail = t * (0.254829592
            + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
        double error = 1 - tail * Math.Exp(-x * x);
        return z < 0 ? (1 - error) / 2 : (1 + error) / 2;
    }
}

/// <summary>How often each choice was made, and once more for the prior.</summary>
internal sealed class ChoiceDensity : IDensity
{
    private readonly double[] _shares;

    public ChoiceDensity(int choices, IReadOnlyList<double> points)
    {
        _shares = new double[choices];
        double each = 1.0 / (points.Count + choices);
        Array.Fill(_shares, each);
        foreach (double point in points)
        {
            _shares[ChoiceOf(point)] += each;
        }
    }

    public double At(double x) => _shares[ChoiceOf(x)];

    public double Draw(SampleStream stream)
    {
        double left = stream.Uniform();
        int choice = 0;
        while (choice < _shares.Length - 1 && left >= _shares[choice])
        {
            left -= _shares[choice++];
        }

        return (choice + 0.5) / _shares.Length;
    }

    private int ChoiceOf(double x) => Math.Min(_shares.Length - 1, (int)(x * _shares.Length));
}

using System.Globalization;

namespace DistTrain.Runs.Charts;

/// <summary>
/// Where an axis puts its ticks: at 1, 2 or 5 times a power of ten (Heckbert, "Nice numbers for graph
/// labels", Graphics Gems, 1990).
/// </summary>
internal static class NiceTicks
{
    /// <summary>The step of about <paramref name="count"/> ticks over a range.</summary>
    public static double Step(double range, int count)
    {
        double rough = range / Math.Max(1, count);
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
    }

    /// <summary>
    /// Multiples of the step within [min, max], both ends included where they are multiples.
    /// </summary>
    public static IReadOnlyList<double> Linear(double min, double max, double step)
    {
        // A hair's breadth of slack, for 0.30000000000000004 is 0.3 on a chart.
        long first = (long)Math.Ceiling(min / step - 1e-6);
        long last = (long)Math.Floor(max / step + 1e-6);
        var ticks = new List<double>();
        for (long i = first; i <= last && ticks.Count < 100; i++)
        {
            ticks.Add(i * step);
        }

        return ticks;
    }

    /// <summary>Powers of ten within [min, max], with 2 and 5 times them where the range is short.</summary>
    public static IReadOnlyList<double> Logarithmic(double min, double max)
    {
        int first = (int)Math.Floor(Math.Log10(min));
        int last = (int)Math.Ceiling(Math.Log10(max));
        int every = Math.Max(1, (int)Math.Ceiling((last - first) / 8.0));
        ReadOnlySpan<double> factors = max / min <= 2000 ? [1, 2, 5] : [1];
        var ticks = new List<double>();
        for (int exponent = first; exponent <= last; exponent += every)
        {
            foreach (double factor in factors)
            {
                double tick = factor * Math.Pow(10, exponent);
                if (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9))
                {
                    ticks.Add(tick);
                }
            }
        }

        return ticks;
    }

    /// <summary>A tick's label, with as many decimals as the step between ticks needs.</summary>
    public static string Label(double value, double step)
    {
        if (value == 0)
        {
            return "0";
        }

        if (Math.Abs(value) is < 1e-4 or >= 1e6)
        {
            return value.ToString("0.##e0", CultureInfo.InvariantCulture);
        }

        int decimals = Math.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 8);
        return value.ToString("N" + decimals, CultureInfo.InvariantCulture);
    }
}

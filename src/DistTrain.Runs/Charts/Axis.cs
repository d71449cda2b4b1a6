namespace DistTrain.Runs.Charts;

/// <summary>A tick: where and what it says.</summary>
internal readonly record struct Tick(double Value, string Label);

/// <summary>
/// A range of values with ticks, and the way from a value to its place in [0, 1] along the axis.
/// </summary>
internal sealed record Axis(
    string Title, double Min, double Max, bool IsLogarithmic, IReadOnlyList<Tick> Ticks)
{
    /// <summary>
    /// Values that lie farther apart than this, by factor, are drawn on a logarithmic axis.
    /// </summary>
    public const double LogarithmicBeyond = 30;

    /// <summary>
    /// From <paramref name="min"/> to <paramref name="max"/> exactly; whole ticks where there is room.
    /// </summary>
    public static Axis Exact(string title, double min, double max, int ticks)
    {
        double step = NiceTicks.Step(max - min, ticks);
        step = max - min >= 3 ? Math.Max(1, step) : step;
        return new Axis(
            title, min, max, IsLogarithmic: false, Labelled(NiceTicks.Linear(min, max, step), step));
    }

    /// <summary>Widened to the ticks around the values.</summary>
    public static Axis Linear(string title, double min, double max, int ticks)
    {
        (min, max) = Widen(min, max);
        double step = NiceTicks.Step(max - min, ticks);
        double low = Math.Floor(min / step + 1e-6) * step, high = Math.Ceiling(max / step - 1e-6) * step;
        return new Axis(
            title, low, high, IsLogarithmic: false, Labelled(NiceTicks.Linear(low, high, step), step));
    }

    /// <summary>Shares between 0 and 1, labelled as percentages.</summary>
    public static Axis Percent(string title, double min, double max, int ticks)
    {
        Axis axis = Linear(title, 100 * Math.Max(0, min), 100 * Math.Min(1, max), ticks);
        (double low, double high) = (Math.Max(0, axis.Min), Math.Min(100, axis.Max));
        return axis with
        {
            Min = low / 100,
            Max = high / 100,
            Ticks = [.. axis.Ticks.Where(t => t.Value >= low - 1e-9 && t.Value <= high + 1e-9)
                .Select(t => new Tick(t.Value / 100, t.Label + " %"))],
        };
    }

    /// <summary>Logarithmic where positive values span more than a factor of 30, else linear.</summary>
    public static Axis ForLoss(string title, double min, double max, int ticks)
    {
        if (min <= 0 || max / min <= LogarithmicBeyond)
        {
            return Linear(title, min, max, ticks);
        }

        (double low, double high) = (min / 1.1, max * 1.1);
        return new Axis(
            title + ", log scale", low, high, IsLogarithmic: true,
            [.. NiceTicks.Logarithmic(low, high)
                .Select(value => new Tick(value, NiceTicks.Label(value, value)))]);
    }

    /// <summary>0 at the axis's beginning, 1 at its end; NaN for what the axis cannot show.</summary>
    public double Place(double value)
    {
        if (!IsLogarithmic)
        {
            return (value - Min) / (Max - Min);
        }

        return value > 0 ? Math.Log(value / Min) / Math.Log(Max / Min) : double.NaN;
    }

    private static (double Min, double Max) Widen(double min, double max)
    {
        if (max - min > 1e-12 * Math.Max(Math.Abs(min), Math.Abs(max)))
        {
            return (min, max);
        }

        double around = min == 0 ? 0.5 : Math.Abs(min) * 0.05;
        return (min - around, max + around);
    }

    private static List<Tick> Labelled(IReadOnlyList<double> values, double step)
        => [.. values.Select(value => new Tick(value, NiceTicks.Label(value, step)))];
}

namespace DistTrain.Runs.Charts;

/// <summary>A tick: where and what it says.</summary>
public readonly record struct Tick(double Value, string Label);

/// <summary>
/// A range of values with ticks, and the way from a value to its place in [0, 1] along the axis.
/// </summary>
public sealed record Axis(
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

    /// <summary>
    /// Logarithmic whatever the span, with some room at both ends; both must be positive.
    /// </summary>
    public static Axis Logarithmic(string title, double min, double max)
    {
        double room = Math.Max(1.08, Math.Pow(max / min, 0.05));
        (double low, double high) = (min / room, max * room);
        IReadOnlyList<double> ticks = NiceTicks.Logarithmic(low, high);

        // A short span may hold hardly any of 1, 2 and 5.
        double step = NiceTicks.Step(high - low, 4);
        return new Axis(
            title, low, high, IsLogarithmic: true,
            ticks.Count < 3
                ? Labelled(NiceTicks.Linear(low, high, step), step)
                : [.. ticks.Select(value => new Tick(value, NiceTicks.Label(value, value)))]);
    }

    /// <summary>
    /// Logarithmic, with ticks at the values that occur, such as batches, as far as their labels have room.
    /// </summary>
    /// <param name="title">What the values are.</param>
    /// <param name="values">Positive, in order, at least one.</param>
    /// <param name="most">Labels that fit side by side.</param>
    public static Axis OfValues(string title, IReadOnlyList<double> values, int most)
    {
        double room = Math.Max(1.15, Math.Pow(values[^1] / values[0], 0.04));
        Axis axis = new(title, values[0] / room, values[^1] * room, IsLogarithmic: true, []);
        var ticks = new List<Tick>();
        foreach (double value in values)
        {
            if (ticks.Count == 0 || axis.Place(value) - axis.Place(ticks[^1].Value) >= 1.0 / most)
            {
                ticks.Add(new Tick(value, NiceTicks.Label(value, value)));
            }
        }

        return axis with { Ticks = ticks };
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

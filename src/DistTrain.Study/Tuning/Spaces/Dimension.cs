using System.Globalization;

namespace DistTrain.Study.Tuning.Spaces;

/// <summary>
/// One field that is searched, and the way from a coordinate in [0, 1) to its value. Samplers know
/// coordinates alone: what is logarithmic, whole or a choice is settled here.
/// </summary>
/// <param name="Path">The job's field.</param>
public abstract record Dimension(string Path)
{
    /// <summary>It has a part only where another dimension has a value; null: always.</summary>
    public DimensionCondition? When { get; init; }

    /// <summary>Choices that have no order; null: the coordinate is a scale.</summary>
    public virtual int? Choices => null;

    /// <summary>The value at a coordinate, as JSON.</summary>
    public abstract string ValueAt(double coordinate);

    /// <summary>Coordinates of a grid along this dimension, ascending.</summary>
    /// <param name="most">Points to spread over a scale that has more values.</param>
    public abstract IReadOnlyList<double> GridPoints(int most);

    /// <summary>What it may be, for people and for comparing two spaces: "log [0.001, 1]".</summary>
    public abstract string Text { get; }

    /// <summary>The middles of equal cells: the coordinates that stand for one value each.</summary>
    protected static IReadOnlyList<double> Cells(int count)
        => [.. Enumerable.Range(0, count).Select(i => (i + 0.5) / count)];

    /// <summary>The shortest digits that read back to this number.</summary>
    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <param name="Path">Another dimension, a choice.</param>
/// <param name="Value">The value, as JSON, that it must have.</param>
public sealed record DimensionCondition(string Path, string Value);

/// <summary>A number between two bounds, even on a plain or on a logarithmic scale.</summary>
public sealed record NumberDimension(string Path, double From, double To, bool IsLogarithmic)
    : Dimension(Path)
{
    /// <summary>
    /// A rate with sixteen digits says nothing more than one with six, and is no pleasure to read.
    /// </summary>
    private const int Digits = 6;

    public override string Text => $"{(IsLogarithmic ? "log" : "float")} [{Number(From)}, {Number(To)}]";

    public override string ValueAt(double coordinate)
    {
        double value = IsLogarithmic
            ? From * Math.Pow(To / From, coordinate)
            : From + (To - From) * coordinate;
        double rounded = double.Parse(
            value.ToString("E" + (Digits - 1), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return Number(Math.Clamp(rounded, From, To));
    }

    /// <summary>From one bound to the other, both included.</summary>
    public override IReadOnlyList<double> GridPoints(int most)
        => most == 1 ? [0.5] : [.. Enumerable.Range(0, most).Select(i => (double)i / (most - 1))];
}

/// <summary>A whole number between two bounds, both included, each as likely.</summary>
public sealed record WholeDimension(string Path, long From, long To) : Dimension(Path)
{
    public override string Text => $"int [{From}, {To}]";

    private long Count => To - From + 1;

    public override string ValueAt(double coordinate)
        => Math.Min(To, From + (long)(coordinate * Count)).ToString(CultureInfo.InvariantCulture);

    public override IReadOnlyList<double> GridPoints(int most)
    {
        if (Count <= most)
        {
            return Cells((int)Count);
        }

        IEnumerable<long> values = Enumerable.Range(0, most)
            .Select(i => From + (long)Math.Round((double)(To - From) * i / Math.Max(1, most - 1))).Distinct();
        return [.. values.Select(value => (value - From + 0.5) / Count)];
    }
}

/// <summary>One of several values, which may be anything a job's field may be.</summary>
/// <param name="Values">As JSON.</param>
public sealed record ChoiceDimension(string Path, IReadOnlyList<string> Values) : Dimension(Path)
{
    public override string Text => $"choice [{string.Join(", ", Values)}]";

    public override int? Choices => Values.Count;

    public override string ValueAt(double coordinate)
        => Values[Math.Min(Values.Count - 1, (int)(coordinate * Values.Count))];

    public override IReadOnlyList<double> GridPoints(int most) => Cells(Values.Count);
}

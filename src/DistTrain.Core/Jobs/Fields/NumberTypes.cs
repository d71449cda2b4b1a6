using System.Globalization;
using System.Numerics;
using System.Text.Json;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>A finite number in a range.</summary>
internal sealed class NumberType : FieldType<double>
{
    /// <summary>Far above any sensible rate or factor, far below where float32 overflows.</summary>
    private const double Most = 1e9;

    private readonly double _from;
    private readonly double _to;
    private readonly bool _openFrom;
    private readonly bool _openTo;

    private NumberType(string expectation, double from, bool openFrom, double to, bool openTo)
    {
        Expectation = expectation;
        (_from, _openFrom, _to, _openTo) = (from, openFrom, to, openTo);
    }

    public override string Expectation { get; }

    public static NumberType Positive { get; } = new("a positive number", 0, true, Most, false);
    public static NumberType NotNegative { get; } = new("a number of at least 0", 0, false, Most, false);

    /// <summary>Probabilities and decays: 0 is allowed, 1 is not.</summary>
    public static NumberType Share { get; } = new("a number of at least 0 and below 1", 0, false, 1, true);

    /// <summary>Factors that must shrink something.</summary>
    public static NumberType Reduction { get; } = new("a number above 0 and below 1", 0, true, 1, true);

    /// <summary>Factors that must not grow something.</summary>
    public static NumberType Decay { get; } = new("a number above 0 and at most 1", 0, true, 1, false);

    public static NumberType Above(double from) => new($"a number above {from}", from, true, Most, false);
    public static NumberType AtLeast(double from)
        => new($"a number of at least {from}", from, false, Most, false);

    public override object? Read(JobNode node, string path, ReadContext context)
    {
        bool isNumber = node.Kind == NodeKind.Number || (node.Kind == NodeKind.String && node.Bare);
        if (!isNumber || !double.TryParse(
            node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
            return Refuse(node, path, context);
        if (value > Most)
            return Refuse(node, path, context, _to < Most ? "" : $" up to {Most:0}");
        bool inRange = (_openFrom ? value > _from : value >= _from) && (_openTo ? value < _to : value <= _to);
        return inRange ? value + 0.0 : Refuse(node, path, context);
    }

    /// <summary>The shortest digits that read back to the same number, as 1e-8 rather than 1E-08.</summary>
    public override void Write(Utf8JsonWriter writer, object value)
    {
        string digits = ((double)value).ToString("R", CultureInfo.InvariantCulture);
        writer.WriteRawValue(digits.Replace("E-0", "e-", StringComparison.Ordinal)
            .Replace("E", "e", StringComparison.Ordinal));
    }

    public override bool IsOff(object value) => value is 0.0;

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
    {
        WriteSchemaType(writer, "number", nullable);
        writer.WriteNumber(_openFrom ? "exclusiveMinimum" : "minimum", _from);
        writer.WriteNumber(_openTo ? "exclusiveMaximum" : "maximum", _to);
    }
}

/// <summary>A whole number in a range, both ends included.</summary>
internal sealed class WholeType<T>(T from, T to) : FieldType<T>
    where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override string Expectation { get; } = (from == T.MinValue, to == T.MaxValue) switch
    {
        (true, true) => $"a whole number from {from} to {to}",
        (false, true) => $"a whole number of at least {from}",
        _ => $"a whole number from {from} to {to}",
    };

    public override object? Read(JobNode node, string path, ReadContext context)
    {
        if (node.Kind != NodeKind.Number || !TryParse(node.Text, out T value) || value < from || value > to)
            return Refuse(node, path, context);
        return value;
    }

    public override void Write(Utf8JsonWriter writer, object value)
        => writer.WriteNumberValue(long.CreateChecked((T)value));

    public override bool IsOff(object value) => value is T number && T.IsZero(number);

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
    {
        WriteSchemaType(writer, "integer", nullable);
        writer.WriteNumber("minimum", long.CreateChecked(from));
        writer.WriteNumber("maximum", long.CreateChecked(to));
    }

    /// <summary>JSON knows one kind of number: 5, 5.0 and 0.5e1 are all five.</summary>
    private static bool TryParse(string text, out T value)
    {
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
            return true;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            || decimal.Truncate(number) != number)
            return false;
        value = T.CreateSaturating(number);
        return decimal.CreateChecked(value) == number;
    }
}

using System.Globalization;
using System.Text.Json;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>A power of two, both ends included: what floats are scaled by without rounding.</summary>
internal sealed class PowerOfTwoType(int leastExponent, int mostExponent) : FieldType<double>
{
    private readonly double[] _values =
        [.. Enumerable.Range(leastExponent, mostExponent - leastExponent + 1).Select(n => Math.ScaleB(1, n))];

    public override string Expectation => $"a power of two from {Text(_values[0])} to {Text(_values[^1])}";

    public override object? Read(JobNode node, string path, ReadContext context)
        => node.Kind == NodeKind.Number
            && double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && _values.Contains(value)
                ? value
                : Refuse(node, path, context);

    public override void Write(Utf8JsonWriter writer, object value)
        => writer.WriteRawValue(Text((double)value));

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
    {
        string values = string.Join(", ", _values.Select(Text));
        writer.WriteInline("enum", nullable ? $"[{values}, null]" : $"[{values}]");
    }

    private static string Text(double value) => value.ToString("0.##########", CultureInfo.InvariantCulture);
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistTrain.Api.Json;

/// <summary>
/// NaN and the infinities become null. Where a number must be, null comes back as NaN; where there may be
/// none, as none.
/// </summary>
internal sealed class FiniteNumberConverter : JsonConverter<double>
{
    public override bool HandleNull => true;

    public override double Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Null ? double.NaN : reader.GetDouble();

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options)
    {
        if (double.IsFinite(value))
        {
            writer.WriteNumberValue(value);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

/// <summary>A duration as a number of seconds, exact to the tick of 100 ns.</summary>
internal sealed class SecondsConverter : JsonConverter<TimeSpan>
{
    /// <summary>30 years: far from where a double would lose a tick.</summary>
    private const double Most = 1e9;

    public override TimeSpan Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options)
    {
        double seconds = reader.GetDouble();
        return Math.Abs(seconds) <= Most
            ? TimeSpan.FromTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond))
            : throw new JsonException($"{seconds} s is not a duration");
    }

    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options)
        => writer.WriteNumberValue((double)value.Ticks / TimeSpan.TicksPerSecond);
}

/// <summary>An enum as a kebab-case word; a number is not taken for one.</summary>
internal sealed class WordConverter<T>()
    : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;

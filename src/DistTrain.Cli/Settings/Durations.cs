using System.Globalization;

namespace DistTrain.Cli.Settings;

/// <summary>Times as settings write them: 500ms, 2s, 1.5s, 1m; a bare number is in seconds.</summary>
internal static class Durations
{
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 1e-3), ("s", 1), ("m", 60)];

    public static bool TryParse(string text, out TimeSpan value)
    {
        (string number, double scale) = (text, 1);
        foreach ((string unit, double seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal))
            {
                (number, scale) = (text[..^unit.Length], seconds);
                break;
            }
        }

        value = default;
        if (!double.TryParse(
                number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            || !double.IsFinite(count) || count * scale > TimeSpan.MaxValue.TotalSeconds / 2)
        {
            return false;
        }

        value = TimeSpan.FromSeconds(count * scale);
        return true;
    }

    public static string Write(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => $"{time.TotalMilliseconds:0.###}ms",
        >= 60 when time.TotalSeconds % 60 == 0 => $"{time.TotalMinutes:0}m",
        _ => $"{time.TotalSeconds:0.###}s",
    };
}

using System.Globalization;

namespace DistTrain.Runs.Reports;

/// <summary>Numbers as people read them; "–" for what is not there, words for what is not finite.</summary>
internal static class Figures
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Loss(double? value) => Finite(value, v => Significant(v, 4));

    public static string Rate(double? value) => Finite(value, v => Significant(v, 3));

    public static string Percent(double? share)
        => Finite(share, v => (100 * v).ToString("0.00", Culture) + "\u00A0%");

    /// <summary>A percentage in running text, with no more digits than matter there.</summary>
    public static string Roughly(double? share)
        => Finite(share, v => (100 * v).ToString(Math.Abs(v) < 0.1 ? "0.0" : "0", Culture) + "\u00A0%");

    /// <summary>A signed percentage with a true minus.</summary>
    public static string Change(double? share)
        => Finite(
            share, v => (v < 0 ? "−" : "+") + (100 * Math.Abs(v)).ToString("0.00", Culture) + "\u00A0%");

    /// <summary>A ratio: 34 % below one and a half, 2.3 times above.</summary>
    public static string Share(double? ratio)
        => Finite(ratio, v => v < 1.5 ? (100 * v).ToString("0", Culture) + "\u00A0%"
            : v.ToString("0.0", Culture) + " times");

    public static string Count(double? value) => Finite(value, v => v.ToString("N0", Culture));

    public static string Counted(long count, string noun)
        => count.ToString("N0", Culture) + " " + noun + (count == 1 ? "" : "s");

    public static string Duration(double? seconds) => Finite(seconds, s => s switch
    {
        < 10 => s.ToString("0.00", Culture) + "\u00A0s",
        < 120 => s.ToString("0.0", Culture) + "\u00A0s",
        < 7200 => string.Create(Culture, $"{Math.Floor(s / 60)} min {Math.Floor(s % 60)} s"),
        _ => string.Create(Culture, $"{Math.Floor(s / 3600)} h {Math.Floor(s % 3600 / 60)} min"),
    });

    private static string Finite(double? value, Func<double, string> format) => value switch
    {
        null => "–",
        double.NaN => "not a number",
        double.PositiveInfinity => "infinite",
        double.NegativeInfinity => "−infinite",
        { } number => format(number),
    };

    private static string Significant(double value, int digits)
    {
        if (value == 0)
        {
            return "0";
        }

        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return exponent is < -4 or > 6
            ? value.ToString("0." + new string('#', digits - 1) + "e0", Culture)
            : value.ToString("N" + Math.Clamp(digits - 1 - exponent, 0, 10), Culture);
    }
}

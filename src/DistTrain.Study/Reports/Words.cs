using System.Globalization;
using DistTrain.Study.Findings;
using DistTrain.Study.Fitting;

namespace DistTrain.Study.Reports;

/// <summary>Numbers as people read them, with unit and interval; "–" for what is not there.</summary>
internal static class Words
{
    public const string None = "–";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static string Count(double value) => value.ToString("N0", Culture);

    public static string Counted(long count, string noun)
        => count.ToString("N0", Culture) + " " + noun + (count == 1 ? "" : "s");

    /// <summary>Three digits that count.</summary>
    public static string Number(double value)
    {
        if (!double.IsFinite(value))
        {
            return "not finite";
        }

        if (value == 0)
        {
            return "0";
        }

        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)) + 1e-9);
        return exponent is < -5 or > 8
            ? value.ToString("0.##e0", Culture)
            : exponent > 2
                ? (Math.Round(value / Math.Pow(10, exponent - 2)) * Math.Pow(10, exponent - 2))
                    .ToString("N0", Culture)
                : Math.Round(value, 2 - exponent).ToString("0.##########", Culture);
    }

    public static string Percent(double share) => (100 * share).ToString("0.00", Culture) + "\u00A0%";

    public static string Efficiency(double share) => (100 * share).ToString("0", Culture) + "\u00A0%";

    public static string Seconds(double seconds) => seconds switch
    {
        < 10 => seconds.ToString("0.00", Culture) + "\u00A0s",
        < 120 => seconds.ToString("0.0", Culture) + "\u00A0s",
        < 7200 => (seconds / 60).ToString("0.0", Culture) + "\u00A0min",
        _ => (seconds / 3600).ToString("0.0", Culture) + "\u00A0h",
    };

    /// <summary>A value of the yardstick.</summary>
    public static string Score(Yardstick yardstick, double value)
        => yardstick.IsAccuracy ? Percent(value) : Number(value);

    /// <summary>A difference of two values of the yardstick: percentage points for shares.</summary>
    public static string Difference(Yardstick yardstick, double value) => yardstick.IsAccuracy
        ? Signed(100 * value, v => v.ToString("0.00", Culture)) + "\u00A0points" : Signed(value, Number);

    /// <summary>How much worse something is; negative: better.</summary>
    public static string Worse(Yardstick yardstick, double value)
        => Difference(yardstick, value).TrimStart('+');

    /// <summary>A tolerance, without a sign and without idle zeros.</summary>
    public static string Tolerance(Yardstick yardstick, double value)
        => yardstick.IsAccuracy ? Number(100 * value) + "\u00A0percentage points" : Number(value);

    /// <summary>"98.20 % (95 % interval 98.05 % to 98.35 %)".</summary>
    public static string With(Estimate estimate, Func<double, string> format)
        => format(estimate.Value) + " (" + Range(estimate.Interval, format) + ")";

    public static string With(SeedMean mean, Func<double, string> format)
        => With(new Estimate(mean.Mean, mean.Interval), format);

    /// <summary>Without the words, for cells of tables.</summary>
    public static string Cell(SeedMean? mean, Func<double, string> format) => mean is null ? None
        : mean.Interval is { Low: { } low, High: { } high }
            ? $"{format(mean.Mean)} ±\u00A0{format((high - low) / 2).TrimStart('+')}"
            : format(mean.Mean);

    public static string Range(Interval? interval, Func<double, string> format) => interval switch
    {
        { Low: { } low, High: { } high } => $"95\u00A0% interval {format(low)} to {format(high)}",
        { Low: { } low } => $"with 95\u00A0% at least {format(low)}",
        { High: { } high } => $"with 95\u00A0% at most {format(high)}",
        null => "too few runs for an interval",
        _ => "no limit to either side",
    };

    /// <summary>"a, b and c".</summary>
    public static string List(IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length < 2 ? string.Concat(all)
            : string.Join(", ", all[..^1]) + " and " + all[^1];
    }

    private static string Signed(double value, Func<double, string> format)
        => (value < 0 ? "−" : "+") + format(Math.Abs(value));
}

namespace DistTrain.Cli.Terminal;

/// <summary>How numbers are written for people. ASCII; a unit stands behind its number.</summary>
public static class Units
{
    /// <summary>Four decimals where they say something: 0.0832, 2.3026, 431.07, 3.1e-05, nan.</summary>
    public static string Loss(double loss) => Math.Abs(loss) switch
    {
        double.NaN => "nan",
        double.PositiveInfinity => loss > 0 ? "inf" : "-inf",
        0 => "0.0000",
        < 1e-4 or >= 1e6 => loss.ToString("0.0##e-00"),
        >= 100 => loss.ToString("F2"),
        _ => loss.ToString("F4"),
    };

    /// <summary>A learning rate in four significant digits: 0.05, 0.04213, 1.2e-06.</summary>
    public static string Rate(double rate) => rate switch
    {
        0 => "0",
        < 1e-4 or >= 1e4 => rate.ToString("0.###e-00"),
        _ => rate.ToString("G4"),
    };

    /// <summary>A share of one, in percent: 97.41 %.</summary>
    public static string Share(double share) => double.IsFinite(share) ? $"{100 * share:F2} %" : "nan";

    /// <summary>Thousands are set apart: 55,000.</summary>
    public static string Count(long count) => count.ToString("N0");

    /// <summary>21,430 samples/s; a decimal below ten.</summary>
    public static string Throughput(double samplesPerSecond)
        => $"{samplesPerSecond.ToString(samplesPerSecond < 10 ? "F1" : "N0")} samples/s";

    /// <summary>A time that was measured: 0.35 s, 12.3 s, 4:05, 1:02:03.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds switch
    {
        < 1 => $"{time.TotalSeconds:F2} s",
        < 59.95 => $"{time.TotalSeconds:F1} s",
        _ => Clock(time),
    };

    /// <summary>A time in whole seconds: 0:42, 12:05, 1:02:03, 2d 03:04.</summary>
    public static string Clock(TimeSpan time)
    {
        TimeSpan t = TimeSpan.FromSeconds(Math.Round(Math.Max(0, time.TotalSeconds)));
        return t.TotalHours < 1 ? $"{t.Minutes}:{t.Seconds:D2}"
            : t.TotalDays < 1 ? $"{t.Hours}:{t.Minutes:D2}:{t.Seconds:D2}"
            : $"{(long)t.TotalDays}d {t.Hours:D2}:{t.Minutes:D2}";
    }

    /// <summary>
    /// Text from elsewhere (a job's name, a file's path) must not steer the terminal: control characters but
    /// the line break become question marks.
    /// </summary>
    public static string Printable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Concat(text.Select(c => char.IsControl(c) && c is not '\n' ? '?' : c));
    }
}

using System.Text.RegularExpressions;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Scraping;

/// <summary>
/// The name of a metric in a scrape, after OpenTelemetry's specification "Prometheus and OpenMetrics
/// Compatibility": dots become underscores, the unit is spelt out at the end, counters end in _total.
/// </summary>
internal static partial class PrometheusName
{
    /// <param name="name">With dots.</param>
    /// <param name="unit">UCUM; what stands in braces is left out.</param>
    /// <param name="kind">Counters have an ending of their own, which the name of their family lacks.</param>
    /// <returns>The family's name, without _total.</returns>
    public static string Of(string name, string? unit, MetricKind kind)
    {
        string words = NotAllowed().Replace(name, "_");
        string ending = Word(unit, kind);
        return ending.Length == 0 || words.EndsWith(ending, StringComparison.Ordinal)
            ? words : $"{words}_{ending}";
    }

    private static string Word(string? unit, MetricKind kind)
    {
        if (unit == "1")
        {
            return kind == MetricKind.Gauge ? "ratio" : "";
        }
        string[] parts = Annotation().Replace(unit ?? "", "").Split('/');
        string counted = Words.GetValueOrDefault(parts[0], parts[0]);
        return parts.Length == 1 ? counted
            : $"{counted}_per_{Singular.GetValueOrDefault(parts[1], parts[1])}".TrimStart('_');
    }

    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["s"] = "seconds",
        ["By"] = "bytes",
    };

    private static readonly Dictionary<string, string> Singular = new(StringComparer.Ordinal)
    {
        ["s"] = "second",
        ["By"] = "byte",
    };

    [GeneratedRegex("[^a-zA-Z0-9_:]", RegexOptions.None, 1000)]
    private static partial Regex NotAllowed();

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Annotation();
}

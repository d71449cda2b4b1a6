using System.Text;
using DistTrain.Telemetry.Catalogue;
using DistTrain.Telemetry.Scraping;

namespace DistTrain.Telemetry.Tests.Catalogue;

/// <summary>The tables of docs/metrics.md, from the catalogue.</summary>
internal static class MetricTable
{
    public static IReadOnlyList<(string Title, IReadOnlyList<MetricDefinition> Metrics)> Sections { get; } =
    [
        ("A run: at its coordinator, and in `disttrain train`", MetricCatalogue.Run),
        ("A coordinator, of its cluster", MetricCatalogue.Coordinator),
        ("A worker, of itself", MetricCatalogue.Worker),
        ("A process that computes on GPUs", MetricCatalogue.Gpu),
        ("Every process", MetricCatalogue.Process),
    ];

    public static string Write()
    {
        var text = new StringBuilder();
        foreach ((string title, IReadOnlyList<MetricDefinition> metrics) in Sections)
        {
            text.Append("### ").Append(title).Append("\n\n")
                .Append("| in a scrape | type | over OTLP | unit | labels | meaning |\n")
                .Append("|---|---|---|---|---|---|\n");
            foreach (MetricDefinition metric in metrics)
            {
                string unit = metric.Unit.Length == 0 ? "" : $"`{metric.Unit}`";
                string labels = string.Join(", ", metric.Labels.Select(label => $"`{label}`"));
                string kind = metric.Kind.ToString().ToLowerInvariant();
                text.Append(
                    $"| `{ScrapedName(metric)}` | {kind} | `{metric.Name}` | {unit} | {labels} "
                    + $"| {metric.Meaning} |\n");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The name in # TYPE lines of Prometheus' text format.</summary>
    public static string ScrapedName(MetricDefinition metric)
        => PrometheusName.Of(metric.Name, metric.Unit, metric.Kind)
            + (metric.Kind == MetricKind.Counter ? "_total" : "");
}

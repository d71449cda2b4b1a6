using DistTrain.Cli.Tests.Harness;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Tests.Catalogue;

/// <summary>
/// The tables of the committed page are the catalogue's. After a change run the tests once with
/// DISTTRAIN_ACCEPT=1, which rewrites them, and look at the difference.
/// </summary>
public sealed class MetricsPageTests
{
    private const string Begin = "<!-- tables: written by the tests -->\n\n", End = "<!-- end of tables -->";

    [SkippableFact]
    public void The_tables_of_the_page_are_the_catalogues()
    {
        string path = Needs.RepositoryFile("docs/metrics.md");
        string page = File.ReadAllText(path).ReplaceLineEndings("\n");
        int begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = page.IndexOf(End, StringComparison.Ordinal);
        string table = MetricTable.Write();
        if (Environment.GetEnvironmentVariable("DISTTRAIN_ACCEPT") == "1")
        {
            File.WriteAllText(path, page[..begin] + table + page[end..]);
            return;
        }

        page[begin..end].ShouldBe(
            table, "docs/metrics.md is stale; run the tests once with DISTTRAIN_ACCEPT=1");
    }

    [Fact]
    public void Every_metric_has_a_name_of_its_own_and_a_sentence()
    {
        MetricDefinition[] all = [.. MetricTable.Sections.SelectMany(section => section.Metrics)];
        all.Select(MetricTable.ScrapedName).ShouldBeUnique();
        foreach (MetricDefinition metric in all)
        {
            metric.Meaning.ShouldEndWith(".", customMessage: metric.Name);
            metric.Meaning.ShouldNotContain("|", customMessage: metric.Name);
            metric.Name.ShouldMatch("^[a-z]+(\\.[a-z_]+)+$");
            (metric.Buckets is null).ShouldBe(metric.Kind != MetricKind.Histogram, metric.Name);
            (metric.Buckets ?? []).ShouldBe((metric.Buckets ?? []).Order());
        }
    }
}

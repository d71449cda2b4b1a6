using System.Text.Json;
using System.Text.RegularExpressions;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Telemetry.Catalogue;
using DistTrain.Telemetry.Scraping;
using YamlDotNet.RepresentationModel;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>What can be said of the dashboard from its file alone.</summary>
public sealed partial class DashboardFileTests
{
    [Fact]
    public void Every_metric_of_its_queries_is_one_there_is()
    {
        HashSet<string> known =
        [
            .. ((IEnumerable<MetricDefinition>)
                [.. MetricCatalogue.Run, .. MetricCatalogue.Coordinator, .. MetricCatalogue.Worker,
                 .. MetricCatalogue.Gpu, .. MetricCatalogue.Process])
            .Select(metric => PrometheusName.Of(metric.Name, metric.Unit, metric.Kind)),
        ];
        foreach ((string panel, string query) in Dashboard.Queries)
        {
            foreach (Match name in MetricName().Matches(query))
            {
                string family = Ending().Replace(name.Value, "");
                (known.Contains(family) || known.Contains(name.Value)).ShouldBeTrue($"{panel}: {name.Value}");
            }
        }
    }

    [Fact]
    public void Its_parts_are_as_Grafana_wants_them()
    {
        Dashboard.Root.GetProperty("schemaVersion").GetInt32().ShouldBe(39);
        Dashboard.Root.GetProperty("uid").GetString().ShouldBe("disttrain");
        Dashboard.Panels.Select(panel => panel.GetProperty("id").GetInt32()).ShouldBeUnique();
        string uid = ProvisionedUid();
        foreach (JsonElement panel in Dashboard.Panels.Where(
            panel => panel.GetProperty("type").GetString() != "row"))
        {
            string title = panel.GetProperty("title").GetString()!;
            panel.GetProperty("datasource").GetProperty("uid").GetString().ShouldBe(uid, title);
            panel.GetProperty("description").GetString().ShouldNotBeNullOrEmpty(title);
            panel.GetProperty("targets").EnumerateArray()
                .Select(target => target.GetProperty("refId").GetString()).ShouldBeUnique(title);
        }
    }

    [Fact]
    public void No_two_panels_lie_on_each_other()
    {
        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonElement place in Dashboard.Panels.Select(panel => panel.GetProperty("gridPos")))
        {
            int x = place.GetProperty("x").GetInt32(), width = place.GetProperty("w").GetInt32();
            (x + width).ShouldBeLessThanOrEqualTo(24);
            for (int cell = 0; cell < width * place.GetProperty("h").GetInt32(); cell++)
            {
                int y = place.GetProperty("y").GetInt32() + cell / width;
                taken.Add((x + cell % width, y)).ShouldBeTrue();
            }
        }
    }

    private static string ProvisionedUid()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(
            Needs.RepositoryFile("docker/grafana/provisioning/datasources/prometheus.yaml"))));
        return yaml.Documents[0].RootNode["datasources"][0]["uid"].ToString();
    }

    [GeneratedRegex(@"\b(disttrain|dotnet)_\w+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex MetricName();

    [GeneratedRegex("(_total|_bucket|_sum|_count)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ending();
}

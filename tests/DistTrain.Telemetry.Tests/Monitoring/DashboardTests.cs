using System.Text.Json;
using System.Text.RegularExpressions;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>
/// The dashboard, without a Grafana: each query of each panel, as Grafana would send it, brings something
/// from a real Prometheus that scrapes a real cluster. The cluster computes on processors: what a GPU says is
/// not asked for.
/// </summary>
[Collection(MonitoredClusterTests.Name)]
public sealed partial class DashboardTests(MonitoredCluster monitored)
{
    [SkippableFact]
    public async Task Every_query_of_every_panel_brings_data()
    {
        monitored.Needed();
        Dashboard.Queries.Count().ShouldBeGreaterThan(40);
        foreach ((string panel, string query) in Dashboard.Queries.Where(one => one.Panel != "GPU memory"))
        {
            string sent = query.Replace("$__rate_interval", "10s").Replace("$job_id", ".*")
                .Replace("$worker", ".*");
            sent.ShouldNotContain("$", customMessage: panel);

            await monitored.Prometheus.WhenAsync(sent, found => found.Length > 0);
        }
    }

    [SkippableFact]
    public async Task Its_variables_find_values()
    {
        monitored.Needed();
        foreach (JsonElement variable in
            Dashboard.Root.GetProperty("templating").GetProperty("list").EnumerateArray())
        {
            Match query = LabelValues().Match(variable.GetProperty("definition").GetString()!);

            Sample[] found = await monitored.Prometheus.QueryAsync(query.Groups["metric"].Value);

            variable.GetProperty("name").GetString().ShouldBe(query.Groups["label"].Value);
            found.ShouldNotBeEmpty();
            found.ShouldAllBe(one => one.Labels.ContainsKey(query.Groups["label"].Value));
        }
    }

    [GeneratedRegex(@"label_values\((?<metric>\w+), (?<label>\w+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelValues();
}

using System.Net;
using System.Text.RegularExpressions;
using DistTrain.MultiNode.Tests.Harness;
using DistTrain.Telemetry.Catalogue;
using DistTrain.Telemetry.Tests.Catalogue;
using DistTrain.Telemetry.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>Scrapes of real nodes hold what the catalogue promises, and nothing else.</summary>
[Collection(MonitoredClusterTests.Name)]
public sealed partial class ScrapeTests(MonitoredCluster monitored)
{
    [SkippableFact]
    public async Task A_coordinator_tells_all_that_is_promised_and_nothing_else()
    {
        monitored.Needed();

        Matches(await monitored.ScrapeAsync(),
            [.. MetricCatalogue.Run, .. MetricCatalogue.Coordinator, .. MetricCatalogue.Process]);
    }

    [SkippableFact]
    public async Task A_worker_tells_all_that_is_promised_and_nothing_else()
    {
        monitored.Needed();

        string text = await monitored.ScrapeAsync("w1");

        Matches(text, [.. MetricCatalogue.Worker, .. MetricCatalogue.Process]);
        new Scrape(text)["disttrain_shard_duration_seconds_sum"].ShouldBeGreaterThan(0);
    }

    [SkippableFact]
    public async Task Promtool_finds_nothing_to_say_about_either()
    {
        monitored.Needed();

        Promtool.Run(await monitored.ScrapeAsync(), "check", "metrics").ShouldBe("");
        Promtool.Run(await monitored.ScrapeAsync("w1"), "check", "metrics").ShouldBe("");
    }

    [SkippableFact]
    public async Task Without_the_token_there_is_nothing_to_be_read()
    {
        monitored.Needed();
        using var http = new HttpClient();

        using HttpResponseMessage answer =
            await http.GetAsync(new Uri(monitored.Cluster.Http, "metrics"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        answer.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Bearer");
    }

    [SkippableFact]
    public async Task A_job_that_is_over_is_in_no_scrape()
    {
        monitored.Needed();
        var job = new TestJob { Name = "stopped", MinWorkers = 9 };
        var view = await monitored.Cluster.SubmitUnwatchedAsync(job);
        await monitored.Cluster.Client.StopAsync(view.Id);

        await monitored.Prometheus.WhenAsync(
            "disttrain_jobs_finished_total{state=\"stopped\"} >= 1", found => found.Length == 1);

        (await monitored.ScrapeAsync()).ShouldNotContain(view.Id);
    }

    private static void Matches(string text, IReadOnlyList<MetricDefinition> promised)
    {
        string[] told = [.. Type().Matches(text).Select(line => line.Value)];
        told.ShouldBe(
            promised.Select(metric =>
                $"# TYPE {MetricTable.ScrapedName(metric)} {metric.Kind.ToString().ToLowerInvariant()}"),
            ignoreOrder: true);
        foreach (MetricDefinition metric in promised)
        {
            string name = MetricTable.ScrapedName(metric);
            string series = new Scrape(text).Names.First(one => one.StartsWith(name, StringComparison.Ordinal)
                && !one[name.Length..].StartsWith('_')
                || one.StartsWith($"{name}_sum", StringComparison.Ordinal));
            Label().Matches(series).Select(label => label.Groups["key"].Value)
                .ShouldBe(metric.Labels, metric.Name);
        }
    }

    [GeneratedRegex("^# TYPE .*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Type();

    [GeneratedRegex("(?<key>[a-z_]+)=\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label();
}

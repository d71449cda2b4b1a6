using DistTrain.MultiNode.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>What Prometheus itself makes of a running cluster.</summary>
[Collection(MonitoredClusterTests.Name)]
public sealed class PrometheusTests(MonitoredCluster monitored)
{
    [SkippableFact]
    public async Task Every_node_is_scraped()
    {
        monitored.Needed();

        await monitored.Prometheus.WhenAsync("up == 1", found => found.Length == 4);
        (await monitored.Prometheus.QueryAsync("disttrain_link_up == 1")).Length.ShouldBe(3);
    }

    [SkippableFact]
    public async Task Steps_and_samples_have_rates()
    {
        monitored.Needed();

        Sample[] ratio = await monitored.Prometheus.WhenAsync(
            "rate(disttrain_samples_total[10s]) / rate(disttrain_steps_total[10s])",
            found => found.Length == 1 && found[0].Value is > 30 and < 34);

        ratio[0].Labels["job_id"].ShouldStartWith("endless");
    }

    [SkippableFact]
    public async Task A_step_is_split_for_each_worker_and_the_parts_are_the_whole()
    {
        monitored.Needed();

        Sample[] parts = await monitored.Prometheus.WhenAsync(
            "sum by (worker, part) (rate(disttrain_worker_step_duration_seconds_sum[10s])) > 0",
            found => found.Select(one => one.Labels["worker"]).Intersect(["w1", "w2", "w3"]).Count() == 3);
        parts.Select(one => one.Labels["part"]).Distinct().Order(StringComparer.Ordinal)
            .ShouldBe(["compute", "exchange", "update", "waiting"]);

        await monitored.Prometheus.WhenAsync(
            "sum(rate(disttrain_worker_step_duration_seconds_sum{worker=\"w1\"}[10s])) "
            + "/ sum(rate(disttrain_worker_step_duration_seconds_count"
            + "{worker=\"w1\",part=\"compute\"}[10s])) "
            + "/ (sum(rate(disttrain_step_duration_seconds_sum[10s])) "
            + "/ sum(rate(disttrain_step_duration_seconds_count[10s])))",
            found => found is [{ Value: > 0.9 and < 1.1 }]);
    }

    [SkippableFact]
    public async Task The_queue_is_seen()
    {
        monitored.Needed();

        await monitored.Prometheus.WhenAsync(
            "disttrain_jobs{state=\"queued\"} == 1", found => found.Length == 1);
        await monitored.Prometheus.WhenAsync(
            "disttrain_jobs{state=\"running\"} == 1", found => found.Length == 1);
    }

    [SkippableFact]
    public async Task A_worker_that_is_suspected_killed_and_gone_is_seen_at_each_turn()
    {
        monitored.Needed();
        Prometheus prometheus = monitored.Prometheus;
        Node victim = monitored.Cluster.StartWorker("victim");
        await victim.ReadyAsync();
        await prometheus.WhenAsync("disttrain_node_info{worker=\"victim\"}", found => found.Length == 1);
        await prometheus.WhenAsync("sum(disttrain_members) == 4", found => found.Length == 1);

        victim.Stop();
        await prometheus.WhenAsync("disttrain_member_suspicions_total >= 1", found => found.Length == 1);
        await victim.KillAsync();

        await prometheus.WhenAsync(
            "disttrain_member_removals_total{reason=\"lost\"} >= 1", found => found.Length == 1);
        await prometheus.WhenAsync("sum(disttrain_members) == 3", found => found.Length == 1);
        await prometheus.WhenAsync("disttrain_node_info{worker=\"victim\"}", found => found.Length == 0);
        await prometheus.WhenAsync("disttrain_member_joins_total >= 4", found => found.Length == 1);
    }

    [SkippableFact]
    public async Task Bytes_go_both_ways_and_both_ends_agree_on_them()
    {
        monitored.Needed();

        foreach (string direction in (string[])["transmit", "receive"])
        {
            await monitored.Prometheus.WhenAsync(
                $"rate(disttrain_node_io_bytes_total{{worker=\"w1\",direction=\"{direction}\"}}[10s]) > 1000",
                found => found.Length == 1);
        }

        // What the coordinator sends is what workers receive.
        await monitored.Prometheus.WhenAsync(
            "sum(rate(disttrain_node_io_bytes_total{worker=~\"w[123]\",direction=\"transmit\"}[10s])) "
            + "/ sum(rate(disttrain_link_io_bytes_total{direction=\"receive\"}[10s]))",
            found => found is [{ Value: > 0.8 and < 1.25 }]);
    }

    [SkippableFact]
    public async Task The_rules_are_loaded_and_none_of_them_fails()
    {
        monitored.Needed();

        await monitored.Prometheus.WhenRulesAsync(healths =>
            healths.Length == 7 && healths.All(health => health == "ok"));
        (await monitored.Prometheus.QueryAsync("ALERTS{alertstate=\"firing\",severity=\"critical\"}"))
            .ShouldBeEmpty();
    }
}

using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>The rules and the configuration that are shipped, by Prometheus' own checker.</summary>
public sealed class RuleTests : IDisposable
{
    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [SkippableFact]
    public void The_rules_are_rules()
        => Promtool.Run("", "check", "rules", Rules).ShouldContain("7 rules found");

    [SkippableFact]
    public void The_configuration_is_one()
        => Promtool.Run(
            "", "check", "config", "--syntax-only", Needs.RepositoryFile("docker/prometheus/prometheus.yaml"))
            .ShouldContain("SUCCESS");

    [SkippableTheory]
    [InlineData("DistTrainNoWorkers", "disttrain_members{state=\"alive\"}", "2x3 0x60",
        "disttrain_jobs{state=\"queued\"}", "1x63")]
    [InlineData("DistTrainNoWorkers", "disttrain_members{state=\"alive\"}", "0x63",
        "disttrain_jobs{state=\"queued\"}", "0x63", false)]
    [InlineData("DistTrainSlowWorker", "disttrain_worker_slow{job_id=\"j\",worker=\"w\"}", "1x63",
        "up", "1x63")]
    [InlineData("DistTrainSlowWorker", "disttrain_worker_slow{job_id=\"j\",worker=\"w\"}", "0x63",
        "up", "1x63", false)]
    [InlineData("DistTrainSkippedSteps", "disttrain_steps_skipped_total{job_id=\"j\"}", "0x54 1x9",
        "up", "1x63")]
    [InlineData("DistTrainSkippedSteps", "disttrain_steps_skipped_total{job_id=\"j\"}", "3x63", "up", "1x63",
        false)]
    [InlineData("DistTrainCheckpointFailures",
        "disttrain_checkpoints_total{job_id=\"j\",outcome=\"failed\"}", "0x54 2x9", "up", "1x63")]
    [InlineData("DistTrainStalledStep", "disttrain_steps_total{job_id=\"j\"}", "500x63", "up", "1x63")]
    [InlineData("DistTrainStalledStep", "disttrain_steps_total{job_id=\"j\"}", "0+5x63", "up", "1x63", false)]
    [InlineData("DistTrainSuspicions", "disttrain_member_suspicions_total", "0x53 9x10", "up", "1x63")]
    [InlineData("DistTrainCoordinatorDown", "up{job=\"disttrain-coordinator\"}", "1x9 0x54", "z", "1x63")]
    public void An_alert_fires_when_there_is_cause_and_not_otherwise(
        string alert, string series, string values, string other, string otherValues, bool fires = true)
    {
        const string Hour = "1h";
        string file = _workspace.Write("rules.test.yaml", $"""
            rule_files: ["{Rules}"]
            evaluation_interval: 1m
            tests:
              - interval: 1m
                input_series:
                  - series: '{series}'
                    values: '{values}'
                  - series: '{other}'
                    values: '{otherValues}'
                promql_expr_test:
                  - expr: count(ALERTS{'{'}alertname="{alert}",alertstate="firing"{'}'}) or vector(0)
                    eval_time: {Hour}
                    exp_samples: [{'{'} labels: '{'{'}{'}'}', value: {(fires ? 1 : 0)} {'}'}]
            """);

        Promtool.Run("", "test", "rules", file).ShouldContain("SUCCESS");
    }

    private static string Rules => Needs.RepositoryFile("docker/prometheus/rules.yaml");
}

using DistTrain.Cli.Settings;
using DistTrain.Cli.Tests.Harness;
using YamlDotNet.RepresentationModel;

namespace DistTrain.Telemetry.Tests.Monitoring;

/// <summary>The parts of docker/compose.yaml and of what it mounts fit together.</summary>
public sealed class ComposeTests
{
    private static readonly YamlNode Compose = Read("docker/compose.yaml");

    [SkippableFact]
    public void Prometheus_and_Grafana_come_with_their_profile_alone_and_are_pinned()
    {
        foreach (string service in (string[])["prometheus", "grafana"])
        {
            YamlNode found = Compose["services"][service];
            found["profiles"].ToString().ShouldContain("metrics");
            found["image"].ToString().ShouldMatch(@":-docker\.io/[a-z]+/[a-z]+:v?\d+\.\d+\.\d+\}$");
            found["ports"][0].ToString().ShouldStartWith("127.0.0.1:");
        }
    }

    [SkippableFact]
    public void What_they_mount_is_there()
    {
        foreach (string service in (string[])["prometheus", "grafana"])
        {
            foreach (string mount in ((YamlSequenceNode)Compose["services"][service]["volumes"])
                .Select(one => one.ToString()).Where(one => one.StartsWith('.')))
            {
                Directory.Exists(Needs.RepositoryFile($"docker/{mount.Split(':')[0]}")).ShouldBeTrue(mount);
            }
        }
    }

    [SkippableFact]
    public void Prometheus_looks_where_workers_and_the_coordinator_serve()
    {
        YamlNode jobs = Read("docker/prometheus/prometheus.yaml")["scrape_configs"];
        YamlNode worker = jobs[1]["dns_sd_configs"][0];
        YamlNode environment = Compose["services"]["worker"]["environment"];
        string address = environment[SettingTable.Metrics.Variable].ToString();

        Compose["services"]["coordinator"].ShouldNotBeNull();
        jobs[0]["static_configs"][0]["targets"][0].ToString().ShouldBe("coordinator:7701");
        worker["names"][0].ToString().ShouldBe("worker");
        address.ShouldEndWith($":{worker["port"]}");
        foreach (YamlNode job in (YamlSequenceNode)jobs)
        {
            job["authorization"]["credentials_file"].ToString().ShouldBe("/run/secrets/token");
        }
    }

    [SkippableFact]
    public void Grafana_asks_the_Prometheus_of_its_side()
        => Read("docker/grafana/provisioning/datasources/prometheus.yaml")["datasources"][0]["url"].ToString()
            .ShouldBe("http://prometheus:9090");

    [SkippableFact]
    public void Grafana_finds_the_dashboard_where_it_is_mounted()
    {
        string path = Read("docker/grafana/provisioning/dashboards/disttrain.yaml")["providers"][0]
            ["options"]["path"].ToString();

        ((YamlSequenceNode)Compose["services"]["grafana"]["volumes"]).Select(one => one.ToString())
            .ShouldContain($"./grafana/dashboards:{path}:ro");
    }

    private static YamlNode Read(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Needs.RepositoryFile(path))));
        return yaml.Documents[0].RootNode;
    }
}

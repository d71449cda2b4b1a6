using System.Text.Json.Nodes;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Settings;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

/// <summary>What annotations tell a Prometheus, the pods do.</summary>
public sealed class ScrapingTests
{
    public static TheoryData<string> Overlays => Overlay.All;

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Annotations_name_the_port_that_metrics_are_served_at(string overlay)
    {
        Overlay rendered = Overlay.Of(overlay);
        foreach ((PodTemplate pod, string port, Setting<NodeAddress> setting) in
            ((PodTemplate, string, Setting<NodeAddress>)[])
            [
                (rendered.Coordinator, "http", SettingTable.Http),
                (rendered.Worker, "metrics", SettingTable.Metrics),
            ])
        {
            JsonNode annotations = pod.Maker["spec"]!["template"]!["metadata"]!["annotations"]!;
            EffectiveSettings settings = SettingsReader.Read(
                new Dictionary<Setting, string>(), SettingsFile.None, PodEnvironment.Of(rendered, pod), "/");

            ((string?)annotations["prometheus.io/scrape"]).ShouldBe("true");
            ((string?)annotations["prometheus.io/path"]).ShouldBe("/metrics");
            ((string?)annotations["prometheus.io/port"]).ShouldBe($"{pod.Port(port)}");
            settings.Get(setting).ToString().ShouldBe($"0.0.0.0:{pod.Port(port)}");
            settings.Get(SettingTable.MetricsAccess).ShouldBe(MetricsAccess.Open);
        }
    }
}

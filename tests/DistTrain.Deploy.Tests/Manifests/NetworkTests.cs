using System.Text.Json.Nodes;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

/// <summary>
/// Who may connect to whom, worked out from the policies as a cluster's network does: a pod that no policy of
/// a direction selects is open in it; elsewhere one rule of one policy must allow the connection.
/// </summary>
public sealed class NetworkTests
{
    private static readonly IReadOnlyDictionary<string, string> Other =
        new Dictionary<string, string> { ["app.kubernetes.io/name"] = "notebook" };

    private static readonly IReadOnlyDictionary<string, string> Prometheus =
        new Dictionary<string, string> { ["app.kubernetes.io/name"] = "prometheus" };

    [SkippableTheory]
    [InlineData("worker", "coordinator", "link", true)]
    [InlineData("worker", "coordinator", "http", false)]
    [InlineData("other", "coordinator", "link", false)]
    [InlineData("other", "coordinator", "http", true)]
    [InlineData("worker", "worker", "link", false)]
    [InlineData("coordinator", "worker", "link", false)]
    [InlineData("other", "worker", "http", false)]
    [InlineData("worker", "other", "http", false)]
    [InlineData("worker", "other", "dns", true)]
    [InlineData("coordinator", "other", "http", true)]
    [InlineData("prometheus", "coordinator", "http", true)]
    [InlineData("prometheus", "coordinator", "link", false)]
    [InlineData("prometheus", "worker", "metrics", true)]
    [InlineData("other", "worker", "metrics", false)]
    [InlineData("worker", "worker", "metrics", false)]
    public void Pods_reach_what_they_need_and_workers_nothing_else(
        string from, string to, string port, bool may)
    {
        foreach (string overlay in (string[])["cpu", "gpu", "local"])
        {
            Overlay rendered = Overlay.Of(overlay);
            int number = PortOf(port, rendered);

            (Allows(rendered, "Egress", Labels(rendered, from), Labels(rendered, to), number)
                && Allows(rendered, "Ingress", Labels(rendered, to), Labels(rendered, from), number))
                .ShouldBe(may, overlay);
        }
    }

    private static IReadOnlyDictionary<string, string> Labels(Overlay rendered, string who) => who switch
    {
        "worker" => rendered.Worker.Labels,
        "coordinator" => rendered.Coordinator.Labels,
        "prometheus" => Prometheus,
        _ => Other,
    };

    private static bool Allows(
        Overlay rendered, string direction, IReadOnlyDictionary<string, string> own,
        IReadOnlyDictionary<string, string> peer, int port)
    {
        JsonNode[] specs =
        [
            .. rendered.OfKind("NetworkPolicy").Select(policy => policy["spec"]!)
                .Where(spec => PodTemplate.Selects(spec["podSelector"]!, own)
                    && spec["policyTypes"]!.AsArray().Any(type => (string?)type == direction)),
        ];
        string peers = direction == "Ingress" ? "from" : "to";
        return specs.Length == 0 || specs
            .SelectMany(spec => spec[direction.ToLowerInvariant()] as JsonArray ?? [])
            .Any(rule => IsAmong(rule![peers], one => PodTemplate.Selects(one["podSelector"]!, peer))
                && IsAmong(rule["ports"], one => NumberOf(one["port"]!, rendered) == port));
    }

    /// <summary>A list that is not there means all.</summary>
    private static bool IsAmong(JsonNode? list, Func<JsonNode, bool> fits)
        => list is null || list.AsArray().Any(one => fits(one!));

    private static int NumberOf(JsonNode port, Overlay rendered)
        => port.AsValue().TryGetValue(out string? name) ? PortOf(name, rendered) : (int)port;

    private static int PortOf(string name, Overlay rendered) => name switch
    {
        "dns" => 53,
        "metrics" => rendered.Worker.Port(name),
        _ => rendered.Coordinator.Port(name),
    };
}

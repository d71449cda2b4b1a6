using System.Text.Json.Nodes;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

/// <summary>What one object says of another holds.</summary>
public sealed class ReferenceTests
{
    public static TheoryData<string> Overlays => Overlay.All;

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Everything_is_in_the_one_namespace(string overlay)
    {
        JsonObject home = Yaml.Parse(File.ReadAllText(Repository.PathOf("k8s/namespace.yaml"))).Single();

        Overlay.Of(overlay).Objects.ShouldAllBe(
            made => (string?)made["metadata"]!["namespace"] == Overlay.NameOf(home));
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void A_maker_selects_its_own_pods_and_no_others(string overlay)
    {
        IReadOnlyList<PodTemplate> pods = Overlay.Of(overlay).Pods;
        pods.Count.ShouldBe(2);
        foreach (PodTemplate maker in pods)
        {
            pods.Where(pod => PodTemplate.Selects(maker.Maker["spec"]!["selector"]!, pod.Labels))
                .ShouldBe([maker]);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Services_lead_to_ports_of_the_coordinator(string overlay)
    {
        Overlay rendered = Overlay.Of(overlay);
        JsonObject[] services = [.. rendered.OfKind("Service")];
        services.Length.ShouldBe(2);
        foreach (JsonObject service in services)
        {
            var selector = new JsonObject { ["matchLabels"] = service["spec"]!["selector"]!.DeepClone() };
            rendered.Pods.Where(pod => PodTemplate.Selects(selector, pod.Labels))
                .ShouldBe([rendered.Coordinator]);
            JsonNode port = service["spec"]!["ports"]!.AsArray().Single()!;
            rendered.Coordinator.Port((string)port["targetPort"]!).ShouldBe((int)port["port"]!);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void The_name_of_the_coordinators_pod_comes_from_a_headless_service(string overlay)
    {
        Overlay rendered = Overlay.Of(overlay);
        JsonNode maker = rendered.Coordinator.Maker["spec"]!;
        JsonObject service = rendered.Named("Service", (string)maker["serviceName"]!);

        ((string?)service["spec"]!["clusterIP"]).ShouldBe("None");
        PodEnvironment.Of(rendered, rendered.Worker)["DISTTRAIN_COORDINATOR"].ShouldBe(
            $"{rendered.Coordinator.Name}-0.{Overlay.NameOf(service)}:{rendered.Coordinator.Port("link")}");
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Probes_ask_ports_that_are_there_and_routes_that_need_no_token(string overlay)
    {
        PodTemplate coordinator = Overlay.Of(overlay).Coordinator;
        foreach ((string probe, string route) in ((string, string)[])
            [("startupProbe", Api.ApiRoutes.Live), ("livenessProbe", Api.ApiRoutes.Live),
                ("readinessProbe", Api.ApiRoutes.Ready)])
        {
            JsonNode get = coordinator.Container[probe]!["httpGet"]!;
            ((string?)get["path"]).ShouldBe(route);
            coordinator.Port((string)get["port"]!).ShouldBe(coordinator.Port("http"));
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Every_mount_has_its_volume_and_every_volume_its_mount(string overlay)
    {
        foreach (PodTemplate pod in Overlay.Of(overlay).Pods)
        {
            IEnumerable<string> volumes = pod.Spec["volumes"]!.AsArray()
                .Select(volume => (string)volume!["name"]!)
                .Concat((pod.Maker["spec"]!["volumeClaimTemplates"] as JsonArray ?? [])
                    .Select(claim => Overlay.NameOf(claim!.AsObject())));
            pod.Container["volumeMounts"]!.AsArray().Select(mount => (string)mount!["name"]!)
                .ShouldBe(volumes, ignoreOrder: true);
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void The_budget_and_the_spread_are_the_workers(string overlay)
    {
        Overlay rendered = Overlay.Of(overlay);
        JsonNode[] selectors =
        [
            rendered.OfKind("PodDisruptionBudget").Single()["spec"]!["selector"]!,
            .. rendered.Worker.Spec["topologySpreadConstraints"]!.AsArray()
                .Select(rule => rule!["labelSelector"]!),
        ];
        selectors.Length.ShouldBe(2);
        foreach (JsonNode selector in selectors)
        {
            rendered.Pods.Where(pod => PodTemplate.Selects(selector, pod.Labels)).ShouldBe([rendered.Worker]);
        }
    }

    /// <summary>
    /// A second coordinator would have a volume and a queue of its own, where no lock can refuse it. The
    /// scheduler does: wherever the first runs, that place, every Linux node, is taken.
    /// </summary>
    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void There_is_no_room_for_a_second_coordinator(string overlay)
    {
        PodTemplate coordinator = Overlay.Of(overlay).Coordinator;
        JsonNode rule = coordinator.Spec["affinity"]!["podAntiAffinity"]!
            ["requiredDuringSchedulingIgnoredDuringExecution"]!.AsArray().Single()!;
        string place = (string)rule["topologyKey"]!;

        ((int?)coordinator.Maker["spec"]!["replicas"]).ShouldBe(1);
        PodTemplate.Selects(rule["labelSelector"]!, coordinator.Labels).ShouldBeTrue();
        coordinator.Spec["nodeSelector"]![place].ShouldNotBeNull("all its nodes have one value of it");
    }
}

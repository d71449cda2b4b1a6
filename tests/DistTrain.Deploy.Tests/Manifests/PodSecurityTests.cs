using System.Text.Json.Nodes;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

public sealed class PodSecurityTests
{
    public static TheoryData<string> Overlays => Overlay.All;

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Every_pod_keeps_to_the_restricted_standard(string overlay)
        => Overlay.Of(overlay).Pods.SelectMany(pod => PodSecurityStandard.Faults(pod.Spec)).ShouldBeEmpty();

    [SkippableFact]
    public void The_namespace_lets_the_api_server_enforce_it()
    {
        JsonObject made = Yaml.Parse(File.ReadAllText(Repository.PathOf("k8s/namespace.yaml"))).Single();

        ((string?)made["metadata"]!["labels"]!["pod-security.kubernetes.io/enforce"]).ShouldBe("restricted");
    }

    [SkippableTheory]
    [InlineData("{hostNetwork: true}", "hostNetwork must not be true")]
    [InlineData("{automountServiceAccountToken: true}", "automountServiceAccountToken must be false")]
    [InlineData("{securityContext: {runAsNonRoot: true}}", "seccompProfile must be set")]
    [InlineData("{volumes: [{name: a, hostPath: {path: /}}]}", "volume a must be of one of the kinds")]
    public void A_pod_that_asks_for_more_is_caught(string change, string fault)
    {
        var pod = (JsonObject)Overlay.Of("gpu").Worker.Spec.DeepClone();
        foreach ((string name, JsonNode? value) in Yaml.Parse(change).Single())
        {
            pod[name] = value!.DeepClone();
        }

        PodSecurityStandard.Faults(pod).ShouldHaveSingleItem().ShouldStartWith(fault);
    }

    [SkippableTheory]
    [InlineData("{}", 3)]
    [InlineData("{privileged: true}", 4)]
    [InlineData("{runAsUser: 0, readOnlyRootFilesystem: true, allowPrivilegeEscalation: false}", 2)]
    [InlineData("{capabilities: {drop: [ALL], add: [SYS_ADMIN]}, readOnlyRootFilesystem: true}", 2)]
    public void So_is_a_container_that_does(string securityContext, int faults)
    {
        var pod = (JsonObject)Overlay.Of("gpu").Worker.Spec.DeepClone();
        pod["containers"]![0]!["securityContext"] = Yaml.Parse(securityContext).Single();

        // What is not said at all counts: escalation, a writable root, capabilities.
        PodSecurityStandard.Faults(pod).Count.ShouldBe(faults);
    }
}

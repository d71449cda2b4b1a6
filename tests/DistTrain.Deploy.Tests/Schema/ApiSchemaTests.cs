using System.Text.Json.Nodes;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Schema;

public sealed class ApiSchemaTests
{
    public static TheoryData<string> Overlays => Overlay.All;

    [SkippableTheory]
    [MemberData(nameof(Overlays))]
    public void Every_object_of_an_overlay_fits_the_schema_of_the_api(string overlay)
        => Overlay.Of(overlay).Objects.SelectMany(ApiSchema.Kubernetes.Faults).ShouldBeEmpty();

    [SkippableFact]
    public void The_namespace_fits_too()
    {
        JsonObject made = Yaml.Parse(File.ReadAllText(Repository.PathOf("k8s/namespace.yaml"))).Single();

        ApiSchema.Kubernetes.Faults(made).ShouldBeEmpty();
    }

    [SkippableTheory]
    [InlineData("overlays/gpu/worker.yaml", "tolerations:", "toleration:")]
    [InlineData("base/worker.yaml", "readinessProbe:", "readynessProbe:")]
    [InlineData("base/network.yaml", "policyTypes:", "policytypes:")]
    [InlineData("base/coordinator.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFileSystem: true")]
    public void A_misspelt_field_of_a_manifest_is_caught(string file, string right, string wrong)
    {
        using var copy = new ManifestCopy();
        copy.WriteToken("a");
        string text = File.ReadAllText(copy.PathOf(file));
        text.ShouldContain(right);
        File.WriteAllText(copy.PathOf(file), text.Replace(right, wrong, StringComparison.Ordinal));

        IReadOnlyList<JsonObject> objects = Yaml.Parse(copy.Render("overlays/gpu").Output);

        string field = wrong.Split(':')[0];
        objects.SelectMany(ApiSchema.Kubernetes.Faults).ShouldContain(
            fault => fault.EndsWith($".{field}: there is no such field", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("gracePeriod: 5", "StatefulSet/a.spec.template.spec.gracePeriod: there is no such field")]
    [InlineData("terminationGracePeriodSeconds: soon", "GracePeriodSeconds: must be of type integer")]
    [InlineData("terminationGracePeriodSeconds: \"5\"", "GracePeriodSeconds: must be of type integer")]
    [InlineData("nodeSelector: {gpu: true}", "spec.nodeSelector.gpu: must be of type string")]
    [InlineData("tolerations: {key: gpu}", "spec.tolerations: must be of type array")]
    [InlineData("volumes: [{emptyDir: {}}]", "spec.volumes[0].name: is missing")]
    [InlineData("volumes: [{name: a, emptyDir: {sizelimit: 1Gi}}]", "emptyDir.sizelimit: there is no such")]
    [InlineData("imagePullSecrets: [{name: a, key: b}]", "imagePullSecrets[0].key: there is no such")]
    public void What_is_wrong_in_a_pod_is_told_with_its_place(string line, string fault)
        => Faults(line).ShouldHaveSingleItem().ShouldContain(fault);

    [Fact]
    public void A_pod_without_a_mistake_has_no_fault() => Faults("hostNetwork: false").ShouldBeEmpty();

    [Fact]
    public void What_must_be_there_is_missed()
        => FaultsOf("{apiVersion: apps/v1, kind: Deployment, spec: {}}").ShouldBe(
            ["Deployment/.spec.selector: is missing", "Deployment/.spec.template: is missing"],
            ignoreOrder: true);

    [Theory]
    [InlineData("1", true)]
    [InlineData("25%", true)]
    [InlineData("true", false)]
    [InlineData("[1]", false)]
    public void A_number_or_a_share_is_one_of_two_types(string most, bool isRight)
        => FaultsOf($$"""
            apiVersion: policy/v1
            kind: PodDisruptionBudget
            spec: {maxUnavailable: {{most}}}
            """).Count.ShouldBe(isRight ? 0 : 1);

    [Theory]
    [InlineData("{apiVersion: policy/v1beta1, kind: PodDisruptionBudget}")]
    [InlineData("{apiVersion: apps/v1, kind: Deploiment}")]
    [InlineData("{kind: Service}")]
    public void A_kind_that_is_none_is_refused(string text)
        => FaultsOf(text).ShouldHaveSingleItem().ShouldContain("no such kind");

    /// <summary>A StatefulSet that is right but for one line of its pod.</summary>
    private static IReadOnlyList<string> Faults(string line)
        => FaultsOf($$$"""
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: {name: a}
            spec:
              serviceName: a
              selector: {matchLabels: {app: a}}
              template:
                metadata: {labels: {app: a}}
                spec:
                  containers: [{name: a, image: a}]
                  {{{line}}}
            """);

    private static IReadOnlyList<string> FaultsOf(string text)
        => ApiSchema.Kubernetes.Faults(Yaml.Parse(text).Single());
}

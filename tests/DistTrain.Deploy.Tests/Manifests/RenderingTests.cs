using System.Text.Json.Nodes;
using DistTrain.Deploy.Tests.Rendering;

namespace DistTrain.Deploy.Tests.Manifests;

public sealed class RenderingTests
{
    [SkippableTheory]
    [InlineData("cpu", "disttrain:cpu")]
    [InlineData("gpu", "disttrain:cuda")]
    [InlineData("local", "disttrain:cpu")]
    public void An_overlay_names_one_image_for_all_its_pods(string overlay, string image)
        => Overlay.Of(overlay).Pods.Select(pod => (string)pod.Container["image"]!)
            .ShouldBe([image, image]);

    [SkippableTheory]
    [InlineData("cpu")]
    [InlineData("gpu")]
    public void An_image_in_a_registry_is_named_in_one_place(string overlay)
    {
        using var copy = new ManifestCopy();
        copy.WriteToken("a");
        string file = copy.PathOf($"overlays/{overlay}/kustomization.yaml");
        File.WriteAllText(file, File.ReadAllText(file).Replace(
            "newName: disttrain", "newName: registry.example/team/disttrain", StringComparison.Ordinal));

        string rendered = copy.Render($"overlays/{overlay}").Output;

        rendered.Split('\n').Count(line => line.Contains("image: registry.example/team/disttrain:"))
            .ShouldBe(2);
    }

    [SkippableFact]
    public void Without_a_token_nothing_is_rendered_and_the_missing_file_is_named()
    {
        using var copy = new ManifestCopy();

        Kustomize.Result result = copy.Render("overlays/gpu");

        result.ExitCode.ShouldNotBe(0);
        result.Output.ShouldBeEmpty();
        result.Errors.ShouldContain("base/token");
        result.Errors.ShouldContain("no such file");
    }

    [SkippableFact]
    public void Another_token_restarts_the_pods_that_use_it()
    {
        using var copy = new ManifestCopy();
        copy.WriteToken("one");
        string[] before = SecretsOf(copy.Render("overlays/cpu").Output);
        copy.WriteToken("two");
        string[] after = SecretsOf(copy.Render("overlays/cpu").Output);

        before.Length.ShouldBe(2);
        before.ShouldNotContain(name => after.Contains(name));
    }

    [SkippableFact]
    public void The_token_is_kept_out_of_the_repository()
        => File.ReadAllLines(Repository.PathOf("k8s/base/.gitignore")).ShouldContain("token");

    [SkippableFact]
    public void Taking_an_overlay_down_leaves_the_namespace_and_so_the_volumes()
    {
        foreach (string overlay in (string[])["cpu", "gpu", "local"])
        {
            Overlay.Of(overlay).OfKind("Namespace").ShouldBeEmpty();
            Overlay.Of(overlay).OfKind("PersistentVolumeClaim").ShouldBeEmpty();
            JsonNode policy =
                Overlay.Of(overlay).Coordinator.Maker["spec"]!["persistentVolumeClaimRetentionPolicy"]!;
            ((string?)policy["whenDeleted"]).ShouldBe("Retain");
            ((string?)policy["whenScaled"]).ShouldBe("Retain");
        }
    }

    [SkippableFact]
    public void Applying_again_does_not_set_the_number_of_workers_back()
    {
        foreach (string overlay in (string[])["cpu", "gpu", "local"])
        {
            Overlay.Of(overlay).Worker.Maker["spec"]!["replicas"].ShouldBeNull();
        }
    }

    /// <summary>The name of the secret that each pod's token comes from.</summary>
    private static string[] SecretsOf(string rendered)
        => [.. Yaml.Parse(rendered).Where(made => made["spec"]?["template"] is not null)
            .Select(made => new PodTemplate(made).Container["env"]!.AsArray()
                .Select(variable => (string?)variable!["valueFrom"]?["secretKeyRef"]?["name"])
                .Single(name => name is not null)!)];
}

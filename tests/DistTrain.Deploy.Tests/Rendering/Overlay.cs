using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace DistTrain.Deploy.Tests.Rendering;

/// <summary>What <c>kubectl apply -k</c> would send to the API server for one of the overlays.</summary>
internal sealed class Overlay
{
    private static readonly ConcurrentDictionary<string, Lazy<Overlay>> Rendered = new();

    private Overlay(string text)
    {
        Objects = Yaml.Parse(text);
        Pods = [.. Objects.Where(made => made["spec"]?["template"] is not null)
            .Select(made => new PodTemplate(made))];
    }

    public static TheoryData<string> All { get; } = ["cpu", "gpu", "local"];

    public IReadOnlyList<JsonObject> Objects { get; }

    /// <summary>Every pod that these objects make, by the object that makes it.</summary>
    public IReadOnlyList<PodTemplate> Pods { get; }

    public PodTemplate Coordinator => Pods.Single(pod => pod.Name == "disttrain-coordinator");

    public PodTemplate Worker => Pods.Single(pod => pod.Name == "disttrain-worker");

    /// <summary>Rendered once, with a token made for it; the test is skipped where no tool is.</summary>
    public static Overlay Of(string name)
        => Rendered.GetOrAdd(name, _ => new Lazy<Overlay>(() =>
        {
            using var copy = new ManifestCopy();
            copy.WriteToken("c2VjcmV0LW9mLXRoZS10ZXN0cw==\n");
            Kustomize.Result result = copy.Render($"overlays/{name}");
            result.ExitCode.ShouldBe(0, result.Errors);
            result.Errors.ShouldBeEmpty("a reader who applies this should see no warnings");
            return new Overlay(result.Output);
        })).Value;

    public IEnumerable<JsonObject> OfKind(string kind)
        => Objects.Where(made => (string?)made["kind"] == kind);

    public JsonObject Named(string kind, string name)
        => OfKind(kind).Single(made => NameOf(made) == name);

    public static string NameOf(JsonObject made) => (string)made["metadata"]!["name"]!;
}

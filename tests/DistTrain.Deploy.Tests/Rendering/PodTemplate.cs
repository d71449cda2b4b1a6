using System.Text.Json.Nodes;

namespace DistTrain.Deploy.Tests.Rendering;

/// <summary>The pods of a Deployment or a StatefulSet.</summary>
/// <param name="maker">That object.</param>
internal sealed class PodTemplate(JsonObject maker)
{
    public JsonObject Maker { get; } = maker;

    public string Name => Overlay.NameOf(Maker);

    public JsonObject Spec => (JsonObject)Maker["spec"]!["template"]!["spec"]!;

    /// <summary>All pods here have one.</summary>
    public JsonObject Container => (JsonObject)Spec["containers"]!.AsArray().Single()!;

    public IReadOnlyDictionary<string, string> Labels
        => Strings(Maker["spec"]!["template"]!["metadata"]!["labels"]!);

    public string[] Arguments => [.. Container["args"]!.AsArray().Select(word => (string)word!)];

    public JsonArray Ports => Container["ports"] as JsonArray ?? [];

    public int Port(string name)
        => (int)Ports.Single(port => (string?)port!["name"] == name)!["containerPort"]!;

    public static IReadOnlyDictionary<string, string> Strings(JsonNode map)
        => map.AsObject().ToDictionary(entry => entry.Key, entry => (string)entry.Value!);

    /// <summary>Whether a selector, with labels, expressions or both, chooses pods of these labels.</summary>
    public static bool Selects(JsonNode selector, IReadOnlyDictionary<string, string> labels)
    {
        bool byLabels = selector["matchLabels"] is not { } wanted
            || Strings(wanted).All(pair => labels.GetValueOrDefault(pair.Key) == pair.Value);
        JsonArray expressions = selector["matchExpressions"] as JsonArray ?? [];
        return byLabels && expressions.All(one => Holds(one!, labels));
    }

    private static bool Holds(JsonNode expression, IReadOnlyDictionary<string, string> labels)
    {
        string? has = labels.GetValueOrDefault((string)expression["key"]!);
        bool isListed = has is not null
            && expression["values"] is JsonArray values && values.Any(value => (string?)value == has);
        return (string)expression["operator"]! switch
        {
            "In" => isListed,
            "NotIn" => !isListed,
            "Exists" => has is not null,
            "DoesNotExist" => has is null,
            string other => throw new InvalidOperationException($"there is no operator {other}"),
        };
    }
}

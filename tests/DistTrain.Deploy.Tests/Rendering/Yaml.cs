using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace DistTrain.Deploy.Tests.Rendering;

/// <summary>YAML as the API server takes it: turned into JSON, by the types of YAML's core schema.</summary>
internal static class Yaml
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    public static IReadOnlyList<JsonObject> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        // Through text, so that a number is a number, whatever type of number it is read as.
        return [.. stream.Documents.Select(document =>
            JsonNode.Parse(Convert(document.RootNode)!.ToJsonString())!.AsObject())];
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(entry => KeyValuePair.Create(
            ((YamlScalarNode)entry.Key).Value!, Convert(entry.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => throw new InvalidOperationException($"YAML of the kind {node.NodeType}"),
    };

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style is not ScalarStyle.Plain)
        {
            return JsonValue.Create(text);
        }

        return text switch
        {
            "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, Culture, out long whole)
                => JsonValue.Create(whole),
            _ when double.TryParse(text, NumberStyles.Float, Culture, out double number)
                => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }
}

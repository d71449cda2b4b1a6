using System.Text.Json.Nodes;

namespace DistTrain.Deploy.Tests.Schema;

/// <summary>
/// Holds objects against the Kubernetes API's schema, strictly: a field that the schema does not have is a
/// fault, as it is for <c>kubectl apply --validate=strict</c>. The schema, kubernetes.json, uses few of JSON
/// Schema's words; one that is not known here is refused, so that none is passed over.
/// </summary>
internal sealed class ApiSchema
{
    private readonly JsonObject _definitions;

    private ApiSchema(JsonObject definitions) => _definitions = definitions;

    public static ApiSchema Kubernetes { get; } = new(JsonNode.Parse(File.ReadAllText(
        Path.Combine(AppContext.BaseDirectory, "Schema", "kubernetes.json")))!["definitions"]!.AsObject());

    /// <summary>Everything that is wrong with an object, one line each, with its place.</summary>
    public IReadOnlyList<string> Faults(JsonObject made)
    {
        string kind = $"{made["apiVersion"]} {made["kind"]}";
        JsonObject[] definitions = [.. _definitions.Select(entry => entry.Value!.AsObject()).Where(
            one => IsOnly(one, "apiVersion", made) && IsOnly(one, "kind", made))];
        if (definitions is not [JsonObject definition])
        {
            return [$"{kind}: no such kind in the schema"];
        }

        List<string> faults = [];
        Check(made, definition, $"{made["kind"]}/{made["metadata"]?["name"]}", faults);
        return faults;
    }

    private static bool IsOnly(JsonObject definition, string field, JsonObject made)
        => definition["properties"]?[field]?["enum"] is JsonArray { Count: 1 } only
            && (string?)only[0] == (string?)made[field];

    private void Check(JsonNode? value, JsonObject schema, string at, List<string> faults)
    {
        foreach ((string word, JsonNode? rule) in schema)
        {
            switch (word)
            {
                case "$ref":
                    Check(value, _definitions[(string)rule!]!.AsObject(), at, faults);
                    break;
                case "type":
                    Require(IsOfType(value, (string)rule!), $"{at}: must be of type {rule}", faults);
                    break;
                case "enum":
                    Require(
                        rule!.AsArray().Any(one => JsonNode.DeepEquals(one, value)),
                        $"{at}: must be one of {rule.ToJsonString()}", faults);
                    break;
                case "oneOf":
                    Require(
                        rule!.AsArray().Count(one => Fits(value, one!.AsObject())) == 1,
                        $"{at}: must be one of {rule.ToJsonString()}", faults);
                    break;
                case "items":
                    CheckItems(value as JsonArray, rule!.AsObject(), at, faults);
                    break;
                case "required":
                    foreach (string name in rule!.AsArray().Select(name => (string)name!))
                    {
                        Require(value is not JsonObject made || made[name] is not null,
                            $"{at}.{name}: is missing", faults);
                    }

                    break;
                case "properties" or "additionalProperties":
                    CheckFields(value as JsonObject, schema, at, faults);
                    break;
                case "format":
                    // int32, byte, date-time, quantity: said beside the type, and not judged here.
                    break;
                default:
                    throw new InvalidOperationException($"the schema says {word}, which is not known here");
            }
        }
    }

    private bool Fits(JsonNode? value, JsonObject schema)
    {
        List<string> faults = [];
        Check(value, schema, "", faults);
        return faults.Count == 0;
    }

    private void CheckItems(JsonArray? items, JsonObject schema, string at, List<string> faults)
    {
        for (int i = 0; i < (items?.Count ?? 0); i++)
        {
            Check(items![i], schema, $"{at}[{i}]", faults);
        }
    }

    private void CheckFields(JsonObject? made, JsonObject schema, string at, List<string> faults)
    {
        foreach ((string name, JsonNode? field) in made ?? [])
        {
            if ((schema["properties"]?[name] ?? schema["additionalProperties"]) is JsonObject rule)
            {
                Check(field, rule, $"{at}.{name}", faults);
            }
            else
            {
                faults.Add($"{at}.{name}: there is no such field");
            }
        }
    }

    private static bool IsOfType(JsonNode? value, string type) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => value is JsonValue text && text.TryGetValue(out string? _),
        "boolean" => value is JsonValue truth && truth.TryGetValue(out bool _),
        "integer" => value is JsonValue whole && whole.TryGetValue(out long _),
        "number" => value is JsonValue number
            && (number.TryGetValue(out long _) || number.TryGetValue(out double _)),
        _ => throw new InvalidOperationException($"the schema has the type {type}, which is not known here"),
    };

    private static void Require(bool holds, string otherwise, List<string> faults)
    {
        if (!holds)
        {
            faults.Add(otherwise);
        }
    }
}

using System.Text.Json;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Documents;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Study.Specs;

/// <summary>
/// The optimizers of a grid: words, or objects of the job's optimizer fields with what a study adds to them.
/// Values of the job's own fields are checked when the jobs of the grid are read.
/// </summary>
internal sealed class OptimizerListType : FieldType<OptimizerList>
{
    private const int Most = 64;
    private const string Section = "optimizer.";

    private static readonly TextType Label =
        new("a word of at most 32 letters, digits, dots, underscores, pluses and hyphens", 32,
            ("A-Za-z0-9", "A-Za-z0-9._+-"));

    /// <summary>Words for what people call an optimizer of its own and a job writes as fields.</summary>
    private static readonly Dictionary<string, (string Path, string Value)[]> Words =
        new(StringComparer.Ordinal)
        {
            ["momentum"] = [("optimizer.name", "sgd"), ("optimizer.momentum", "0.9")],
            ["nesterov"] =
            [
                ("optimizer.name", "sgd"), ("optimizer.momentum", "0.9"), ("optimizer.nesterov", "true"),
            ],
            ["sgd"] = [("optimizer.name", "sgd"), ("optimizer.momentum", "0")],
        };

    private static string[] FieldNames { get; } =
    [
        .. JobFields.Table.Fields.Where(f => f.Path.StartsWith(Section, StringComparison.Ordinal))
            .Select(f => f.Path[Section.Length..]),
        "label", "base", "rules", "warmup",
    ];

    public override string Expectation
        => $"a list of 1 to {Most} optimizers: words, or objects with a name";

    public override object? Read(JobNode node, string path, ReadContext context)
    {
        if (node.Kind != NodeKind.List || node.Items.Count is 0 or > Most)
            return Refuse(node, path, context);

        var choices = node.Items.Select((item, i) => ReadOne(item, $"{path}[{i}]", context)).ToList();
        return choices.Contains(null) ? null : new OptimizerList([.. choices.OfType<OptimizerChoice>()]);
    }

    public override void Write(Utf8JsonWriter writer, object value)
    {
        writer.WriteStartArray();
        foreach (var choice in ((OptimizerList)value).Choices)
        {
            writer.WriteStartObject();
            writer.WriteString("label", choice.Label);
            foreach (var field in choice.Fields)
                writer.WriteString(field.Path[Section.Length..], field.Value);
            if (choice.BaseRate is { } rate)
                writer.WriteNumber("base", rate);
            if (choice.Rules.Count > 0)
                writer.WriteInline("rules", StudyFields.RuleList.Show(choice.Rules));
            if (choice.Warmups.Count > 0)
                writer.WriteInline("warmup", StudyFields.WarmupList.Show(choice.Warmups));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
    {
        WriteSchemaType(writer, "array", nullable);
        writer.WriteNumber("minItems", 1);
        writer.WriteNumber("maxItems", Most);
        string names = string.Join(", ", FieldNames.Select(name => $"\"{name}\""));
        writer.WriteInline("items",
            "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"object\", \"required\": [\"name\"], "
            + $"\"propertyNames\": {{\"enum\": [{names}]}}}}]}}");
    }

    private OptimizerChoice? ReadOne(JobNode node, string path, ReadContext context)
    {
        if (node.Kind == NodeKind.String)
            return new OptimizerChoice(node.Text, NameFields(node, path, context));
        if (node.Kind != NodeKind.Object)
        {
            context.Problems.Add(
                node.Origin, path, $"{node.Shown} is not an optimizer: a word, or an object");
            return null;
        }

        var choice = new OptimizerChoice("", []);
        JobNode? name = null;
        List<JobOverride> fields = [];
        bool whole = true;
        foreach (var (key, origin, value) in node.Members)
        {
            string place = $"{path}.{key}";
            switch (key)
            {
                case "name":
                    name = value;
                    break;
                case "label":
                    whole &= Label.Read(value, place, context) is string label
                        && Keep(choice with { Label = label });
                    break;
                case "base":
                    whole &= NumberType.Positive.Read(value, place, context) is double rate
                        && Keep(choice with { BaseRate = rate });
                    break;
                case "rules":
                    whole &= StudyFields.RuleList.Read(value, place, context) is IReadOnlyList<string> rules
                        && Keep(choice with { Rules = rules });
                    break;
                case "warmup":
                    whole &= StudyFields.WarmupList.Read(value, place, context)
                        is IReadOnlyList<double> lengths && Keep(choice with { Warmups = lengths });
                    break;
                default:
                    whole &= IsField(key, origin, path, context);
                    fields.Add(new JobOverride(Section + key, NodeText.Of(value), origin.Say("", place)));
                    break;
            }
        }

        if (name is not { Kind: NodeKind.String })
        {
            context.Problems.Add(node.Origin, path, "name is missing; give the optimizer's name");
            return null;
        }

        // What is written out beats what the word stands for.
        var named = NameFields(name, path, context)
            .Where(known => !fields.Exists(field => field.Path == known.Path));
        return !whole ? null : choice with
        {
            Label = choice.Label.Length > 0 ? choice.Label : name.Text,
            Fields = [.. named, .. fields],
        };

        bool Keep(OptimizerChoice changed)
        {
            choice = changed;
            return true;
        }
    }

    private static List<JobOverride> NameFields(JobNode node, string path, ReadContext context)
    {
        string source = node.Origin.Say("", path);
        string[] known = [.. Words.Keys, .. Enum.GetNames<OptimizerKind>().Select(n => n.ToLowerInvariant())];
        if (!known.Contains(node.Text, StringComparer.Ordinal))
        {
            context.Problems.Add(node.Origin, path,
                $"{node.Shown} is no optimizer{Spelling.Hint(node.Text, known)}");
        }

        return Words.TryGetValue(node.Text, out var fields)
            ? [.. fields.Select(field => new JobOverride(field.Path, field.Value, source))]
            : [new JobOverride("optimizer.name", node.Text, source)];
    }

    private static bool IsField(string key, Origin origin, string path, ReadContext context)
    {
        if (FieldNames.Contains(key, StringComparer.Ordinal))
            return true;
        context.Problems.Add(
            origin, path, $"unknown key {JobNode.Quote(key)}{Spelling.Hint(key, FieldNames)}");
        return false;
    }
}

/// <summary>Optimizers as one value of a field.</summary>
internal sealed record OptimizerList(IReadOnlyList<OptimizerChoice> Choices);

using System.Text.Json;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

internal sealed class BooleanType : FieldType<bool>
{
    public override string Expectation => "true or false";

    public override object? Read(JobNode node, string path, ReadContext context)
        => node.Kind == NodeKind.Boolean ? node.Text == "true" : Refuse(node, path, context);

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteBooleanValue((bool)value);

    public override bool IsOff(object value) => value is false;

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
        => WriteSchemaType(writer, "boolean", nullable);
}

/// <summary>One of a few words, each standing for a value.</summary>
internal sealed class ChoiceType<T>(params (string Word, T Value)[] choices) : FieldType<T>
    where T : notnull
{
    /// <summary>
    /// Words of the design that this version cannot do yet: refused by name rather than as unknown.
    /// </summary>
    public IReadOnlyList<string> NotYet { get; init; } = [];

    public override string Expectation { get; } = choices.Length == 1
        ? $"\"{choices[0].Word}\""
        : "one of " + string.Join(", ", choices.Select(c => c.Word));

    public override object? Read(JobNode node, string path, ReadContext context)
    {
        if (node.Kind != NodeKind.String)
            return Refuse(node, path, context);

        foreach (var (word, value) in choices)
        {
            if (word == node.Text)
                return value;
        }

        if (!NotYet.Contains(node.Text, StringComparer.Ordinal))
            return Refuse(node, path, context, Spelling.Hint(node.Text, choices.Select(c => c.Word)));
        context.Problems.Add(
            node.Origin, path, $"{node.Shown} is not available in this version; use {Expectation}");
        return null;
    }

    public override void Write(Utf8JsonWriter writer, object value)
        => writer.WriteStringValue(WordOf((T)value));

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
    {
        string words = string.Join(", ", choices.Select(c => $"\"{c.Word}\""));
        writer.WriteInline("enum", nullable ? $"[{words}, null]" : $"[{words}]");
    }

    private string WordOf(T value) => choices.First(c => c.Value.Equals(value)).Word;
}

/// <summary>Text of one line.</summary>
/// <param name="expectation">What it must be.</param>
/// <param name="longest">Most UTF-16 units.</param>
/// <param name="letters">
/// Letters it may begin with and those it may go on with; null: anything printable.
/// </param>
internal sealed class TextType(string expectation, int longest, (string First, string More)? letters = null)
    : FieldType<string>
{
    public override string Expectation => expectation;

    public override object? Read(JobNode node, string path, ReadContext context)
    {
        bool isText = node.Kind == NodeKind.String
            || (node.Bare && node.Kind is NodeKind.Number or NodeKind.Boolean);
        return isText && IsValid(node.Text) ? node.Text : Refuse(node, path, context);
    }

    public override void Write(Utf8JsonWriter writer, object value) => writer.WriteStringValue((string)value);

    public override void WriteSchema(Utf8JsonWriter writer, bool nullable)
    {
        WriteSchemaType(writer, "string", nullable);
        writer.WriteNumber("minLength", 1);
        writer.WriteNumber("maxLength", longest);
        if (letters is { } allowed)
            writer.WriteString("pattern", $"^[{allowed.First}][{allowed.More}]*$");
    }

    private bool IsValid(string text)
    {
        if (text.Length == 0 || text.Length > longest || text.Any(char.IsControl))
            return false;
        return letters is not { } allowed
            || (Matches(text[..1], allowed.First) && Matches(text, allowed.More));
    }

    /// <summary>
    /// Letters as a regular expression's class writes them: ranges such as a-z, a last hyphen for itself.
    /// </summary>
    private static bool Matches(string text, string set) => text.All(letter =>
    {
        for (int i = 0; i < set.Length; i++)
        {
            bool range = i + 2 < set.Length && set[i + 1] == '-';
            if (range ? letter >= set[i] && letter <= set[i + 2] : letter == set[i])
                return true;
            if (range)
                i += 2;
        }

        return false;
    });
}

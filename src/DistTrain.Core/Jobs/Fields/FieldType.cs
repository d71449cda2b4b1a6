using System.Text;
using System.Text.Json;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>
/// What a field may hold: one object that reads, checks, writes and describes it, so that a message, the
/// schema and the reference page can never disagree.
/// </summary>
internal abstract class FieldType
{
    /// <summary>Ends the sentence "… is not …": "a positive number".</summary>
    public abstract string Expectation { get; }

    /// <summary>The value, or null after a problem was reported.</summary>
    /// <param name="node">Not null in the JSON sense.</param>
    /// <param name="path">Names the field in problems.</param>
    /// <param name="context">Receives the problems.</param>
    public abstract object? Read(JobNode node, string path, ReadContext context);

    public abstract void Write(Utf8JsonWriter writer, object value);

    /// <summary>Members of the field's schema; the enclosing object is open.</summary>
    public abstract void WriteSchema(Utf8JsonWriter writer, bool nullable);

    /// <summary>
    /// True for a value that only says that something is off; to say so where it cannot be on is harmless.
    /// </summary>
    public virtual bool IsOff(object value) => false;

    /// <summary>A value as JSON on one line.</summary>
    public string Show(object value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonFormat.Compact))
            Write(writer, value);
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    protected object? Refuse(JobNode node, string path, ReadContext context, string hint = "")
    {
        context.Problems.Add(node.Origin, path, $"{node.Shown} is not {Expectation}{hint}");
        return null;
    }

    protected static void WriteSchemaType(Utf8JsonWriter writer, string type, bool nullable)
    {
        if (nullable)
            writer.WriteInline("type", $"[\"{type}\", \"null\"]");
        else
            writer.WriteString("type", type);
    }
}

/// <summary>
/// A field type whose values are <typeparamref name="T"/>; the tables are checked by the compiler.
/// </summary>
internal abstract class FieldType<T> : FieldType;

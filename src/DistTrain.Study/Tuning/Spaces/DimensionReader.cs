using System.Text.Json;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Study.Tuning.Spaces;

/// <summary>
/// Reads what one field may be: one of log, float, int and choice, and perhaps a condition.
/// </summary>
internal static class DimensionReader
{
    private const int MostChoices = 1000;
    private static readonly string[] Kinds = ["log", "float", "int", "choice"];

    /// <summary>Null: something is wrong with it, and noted.</summary>
    public static Dimension? Read(string path, JsonElement element, string at, List<string> problems)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return Refuse(
                $"write what it may be as an object: {{ \"log\": [1e-3, 1] }}, or one of {All()}");
        }

        Dimension? dimension = null;
        DimensionCondition? when = null;
        foreach (JsonProperty member in element.EnumerateObject())
        {
            if (member.Name == "when")
            {
                when = Condition(member.Value);
                if (when is null)
                {
                    return Refuse("when: write it as { \"optimizer.name\": \"sgd\" }");
                }
            }
            else if (!Kinds.Contains(member.Name))
            {
                return Refuse($"unknown {SpaceReader.Shown(member.Name)}; it is one of {All()}"
                    + Spelling.Hint(member.Name, [.. Kinds, "when"]));
            }
            else if (dimension is not null)
            {
                return Refuse($"is more than one of {All()}");
            }
            else if ((dimension = Of(path, member.Name, member.Value, out string? wrong)) is null)
            {
                return Refuse($"{member.Name}: {wrong}");
            }
        }

        return dimension is null ? Refuse($"needs one of {All()}") : dimension with { When = when };

        Dimension? Refuse(string what)
        {
            problems.Add($"{at}: {what}");
            return null;
        }
    }

    private static string All() => string.Join(", ", Kinds);

    private static Dimension? Of(string path, string kind, JsonElement value, out string? wrong)
    {
        wrong = null;
        if (kind == "choice")
        {
            if (value.ValueKind == JsonValueKind.Array
                && value.GetArrayLength() is > 0 and <= MostChoices
                && value.EnumerateArray().Select(Text).Distinct().Count() == value.GetArrayLength())
            {
                return new ChoiceDimension(path, [.. value.EnumerateArray().Select(Text)]);
            }

            wrong = $"give a list of 1 to {MostChoices} different values, such as [64, 128]";
            return null;
        }

        if (Bounds(value) is not { } bounds)
        {
            wrong = "give two numbers, the lower one first, such as [1, 10]";
            return null;
        }

        (double from, double to) = bounds;
        if (kind == "log" && from <= 0)
        {
            wrong = "a logarithmic scale begins above 0";
            return null;
        }

        if (kind != "int")
        {
            return new NumberDimension(path, from, to, kind == "log");
        }

        if (from == Math.Truncate(from) && to == Math.Truncate(to)
            && Math.Abs(from) <= 1L << 52 && Math.Abs(to) <= 1L << 52)
        {
            return new WholeDimension(path, (long)from, (long)to);
        }

        wrong = "give two whole numbers";
        return null;
    }

    private static (double From, double To)? Bounds(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() != 2
            || value[0].ValueKind != JsonValueKind.Number || value[1].ValueKind != JsonValueKind.Number)
        {
            return null;
        }

        (double from, double to) = (value[0].GetDouble(), value[1].GetDouble());
        return double.IsFinite(from) && double.IsFinite(to) && from < to ? (from, to) : null;
    }

    private static DimensionCondition? Condition(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object || value.EnumerateObject().Count() != 1)
        {
            return null;
        }

        JsonProperty only = value.EnumerateObject().First();
        return new DimensionCondition(only.Name, Text(only.Value));
    }

    /// <summary>One spelling of a value, so that two texts are equal where the values are.</summary>
    private static string Text(JsonElement value) => JsonSerializer.Serialize(value);
}

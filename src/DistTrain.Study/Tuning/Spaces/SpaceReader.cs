using System.Text.Json;
using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Study.Tuning.Spaces;

/// <summary>
/// Reads a search space: an object whose names are paths of job fields.
/// <code>
///  { "learningRate.base":  { "log": [1e-3, 1] },
///    "batch.global":       { "choice": [64, 128, 256] },
///    "optimizer.momentum": { "float": [0.8, 0.99], "when": { "optimizer.name": "sgd" } } }
/// </code>
/// </summary>
public static class SpaceReader
{
    private const int MostBytes = 1 << 20;
    private const int MostShown = 50;

    /// <param name="text">The file's text.</param>
    /// <param name="source">Its name in messages.</param>
    /// <exception cref="UserFaultException">One line for every fault.</exception>
    public static SearchSpace Read(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MostBytes)
        {
            throw new UserFaultException($"{source}: the text is larger than {MostBytes / 1024} KiB");
        }

        try
        {
            using var document = JsonDocument.Parse(text.TrimStart('\uFEFF'));
            return Read(document.RootElement, source);
        }
        catch (JsonException fault)
        {
            throw new UserFaultException(
                $"{source}:{(fault.LineNumber ?? 0) + 1}: not valid JSON at column "
                + $"{(fault.BytePositionInLine ?? 0) + 1}", fault);
        }
    }

    private static SearchSpace Read(JsonElement root, string source)
    {
        const string Example = "{ \"learningRate.base\": { \"log\": [1e-3, 1] } }";
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new UserFaultException($"{source}: a search space is an object such as {Example}");
        }

        List<string> problems = [];
        List<Dimension> dimensions = [];
        foreach (JsonProperty member in root.EnumerateObject())
        {
            string at = $"{source}: {Shown(member.Name)}";
            if (!JobPaths.Exists(member.Name))
            {
                problems.Add($"{at}: a job has no such field{JobPaths.Hint(member.Name)}");
            }
            else if (dimensions.Exists(d => d.Path == member.Name))
            {
                problems.Add($"{at}: is given twice");
            }
            else if (DimensionReader.Read(member.Name, member.Value, at, problems) is { } dimension)
            {
                dimensions.Add(dimension);
            }
        }

        if (dimensions.Count == 0 && problems.Count == 0)
        {
            problems.Add($"{source}: names no field to search; write it as {Example}");
        }

        CheckConditions(dimensions, source, problems);
        return problems.Count == 0
            ? new SearchSpace(dimensions)
            : throw new UserFaultException([.. problems.Take(MostShown)]);
    }

    private static void CheckConditions(List<Dimension> dimensions, string source, List<string> problems)
    {
        foreach (Dimension dimension in dimensions)
        {
            if (dimension.When is not { } when)
            {
                continue;
            }

            string at = $"{source}: {dimension.Path}: when";
            if (dimensions.Find(d => d.Path == when.Path) is not ChoiceDimension { When: null } other)
            {
                problems.Add($"{at}: {Shown(when.Path)} is no choice of this space without a condition of "
                    + "its own" + Spelling.Hint(
                        when.Path, dimensions.OfType<ChoiceDimension>().Select(d => d.Path)));
            }
            else if (!other.Values.Contains(when.Value))
            {
                problems.Add($"{at}: {when.Path} is never {Shown(when.Value)}; it is one of "
                    + string.Join(", ", other.Values));
            }
        }
    }

    internal static string Shown(string text)
    {
        string line = string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
        return line.Length > 60 ? line[..60] + "…" : line;
    }
}

using System.Text.Json;

namespace DistTrain.Runs.Reports;

/// <summary>
/// One line about a job, e.g. "mlp 512, 256 on mnist · batch 256 in 8 shards · sgd · learning rate 0.05,
/// cosine · seed 1". It reads the job's text with an open mind: what it does not find it does not mention.
/// </summary>
internal static class JobCaption
{
    public static string Describe(string jobJson)
    {
        try
        {
            using var document = JsonDocument.Parse(jobJson);
            return string.Join(" · ", Parts(document.RootElement).Where(part => part.Length > 0));
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static IEnumerable<string> Parts(JsonElement job)
    {
        string model = Text(job, "model", "preset");
        string hidden = Find(job, "model", "hidden") is { ValueKind: JsonValueKind.Array } sizes
            ? string.Join(", ", sizes.EnumerateArray().Select(size => size.ToString()))
            : "";
        string what = string.Join(
            ' ', new[] { model, model.Length > 0 ? hidden : "" }.Where(t => t.Length > 0));
        yield return Join(what, " on ", Text(job, "dataset", "name"));
        yield return Join(Prefix("batch ", Text(job, "batch", "global")), " in ",
            Suffix(Text(job, "batch", "shards"), " shards"));
        yield return Text(job, "optimizer", "name");
        yield return Join(Prefix("learning rate ", Text(job, "learningRate", "base")), ", ",
            Text(job, "learningRate", "schedule", "name"));
        yield return Prefix("seed ", Text(job, "seed"));
    }

    private static JsonElement? Find(JsonElement element, params string[] path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return null;
            }
        }

        return element;
    }

    private static string Text(JsonElement element, params string[] path)
        => Find(element, path) is { ValueKind: JsonValueKind.String or JsonValueKind.Number } found
            ? found.ToString()
            : "";

    private static string Prefix(string prefix, string text) => text.Length > 0 ? prefix + text : "";

    private static string Suffix(string text, string suffix) => text.Length > 0 ? text + suffix : "";

    private static string Join(string left, string between, string right)
        => left.Length > 0 && right.Length > 0 ? left + between + right : left + right;
}

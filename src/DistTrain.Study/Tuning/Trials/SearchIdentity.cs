using System.Text.Json.Nodes;
using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tuning.Trials;

/// <summary>
/// What a search is, apart from how long it goes on: two searches whose identities differ cannot share their
/// trials.
/// </summary>
/// <param name="Job">The job with nothing of the space applied.</param>
/// <param name="Space">What is searched.</param>
/// <param name="Sampler">Its name.</param>
/// <param name="Scheduler">none or asha.</param>
/// <param name="Metric">The objective's name.</param>
/// <param name="Seed">The sampler's.</param>
/// <param name="GridPoints">Points of a grid on a scale.</param>
public sealed record SearchIdentity(
    JobSpec Job, SearchSpace Space, string Sampler, string Scheduler, string Metric, long Seed,
    int GridPoints)
{
    internal IReadOnlyList<string> Paths => [.. Space.Dimensions.Select(d => d.Path)];

    /// <summary>The first line of a journal.</summary>
    internal JsonObject ToJson() => new()
    {
        ["kind"] = "tune",
        ["version"] = 1,
        ["settings"] = Settings(),
        ["space"] = new JsonObject(Space.Dimensions.Select(
            d => KeyValuePair.Create<string, JsonNode?>(d.Path, Text(d)))),
        ["job"] = JsonNode.Parse(JobWriter.Write(Job)),
    };

    /// <summary>How a journal's first line differs from this search, one line for each difference.</summary>
    /// <exception cref="FormatException">It is no first line.</exception>
    internal IReadOnlyList<string> DifferencesFrom(JsonObject stored)
    {
        if ((string?)stored["kind"] != "tune" || (int?)stored["version"] != 1
            || stored["settings"] is not JsonObject settings || stored["space"] is not JsonObject space
            || stored["job"] is not JsonObject job)
        {
            throw new FormatException("it is not a search of this version");
        }

        JobSpec storedJob;
        try
        {
            storedJob = JobReader.Read(job.ToJsonString(), "trials.jsonl", [], 1);
        }
        catch (UserFaultException fault)
        {
            throw new FormatException(fault.Problems[0], fault);
        }

        JsonObject now = ToJson();
        return
        [
            .. Compare("", settings, Settings()),
            .. Compare("space: ", space, now["space"]!.AsObject()),
            .. JobIdentity.Differences(storedJob, Job).Select(d => $"job: {d}"),
        ];
    }

    private JsonObject Settings() => new()
    {
        ["--sampler"] = Sampler,
        ["--scheduler"] = Scheduler,
        ["--metric"] = Metric,
        ["--seed"] = Seed,
        ["--grid-points"] = Sampler == "grid" ? GridPoints : null,
    };

    private static string Text(Dimension dimension)
        => dimension.Text
            + (dimension.When is { } when ? $" when {when.Path} is {when.Value}" : "");

    private static IEnumerable<string> Compare(string where, JsonObject before, JsonObject after)
        => before.Select(m => m.Key).Union(after.Select(m => m.Key))
            .Select(key => (Key: key, Before: Show(before[key]), After: Show(after[key])))
            .Where(m => m.Before != m.After)
            .Select(m => $"{where}{m.Key}: {m.Before} became {m.After}");

    private static string Show(JsonNode? node) => node?.ToString() ?? "nothing";
}

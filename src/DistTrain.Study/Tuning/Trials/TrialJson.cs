using System.Text.Json;
using System.Text.Json.Nodes;

namespace DistTrain.Study.Tuning.Trials;

/// <summary>A trial as one line of JSON, and back.</summary>
internal static class TrialJson
{
    private static readonly TrialStatus[] All = Enum.GetValues<TrialStatus>();

    public static JsonObject Write(Trial trial, IReadOnlyList<string> paths)
    {
        var values = new JsonObject();
        foreach ((string path, string? value) in paths.Zip(trial.Values))
        {
            values[path] = value is null ? null : JsonNode.Parse(value);
        }

        return new JsonObject
        {
            ["trial"] = trial.Index,
            ["status"] = trial.StatusText,
            ["value"] = Number(trial.Value),
            ["values"] = values,
            ["curve"] = new JsonArray([.. trial.Curve.Select(Number)]),
            ["steps"] = trial.Steps,
            ["seconds"] = Math.Round(trial.Seconds, 3),
            ["reason"] = trial.Reason,
            ["runDirectory"] = trial.RunDirectory,
            ["point"] = new JsonArray([.. trial.Point.Select(x => JsonValue.Create(x))]),
        };
    }

    /// <exception cref="FormatException">It is no trial of this space.</exception>
    public static Trial Read(string line, IReadOnlyList<string> paths)
    {
        try
        {
            JsonObject json = JsonNode.Parse(line)!.AsObject();
            string status = (string)json["status"]!;
            JsonObject values = json["values"]!.AsObject();
            var trial = new Trial
            {
                Index = (int)json["trial"]!,
                Point = [.. json["point"]!.AsArray().Select(x => (double)x!)],
                Values = [.. paths.Select(path => values[path]?.ToJsonString())],
                Status = All.First(s => new Trial { Index = 0, Point = [], Values = [], Status = s }
                    .StatusText == status),
                Curve = [.. json["curve"]!.AsArray().Select(x => (double?)x)],
                Value = (double?)json["value"],
                Steps = (long)json["steps"]!,
                Seconds = (double)json["seconds"]!,
                Reason = (string?)json["reason"],
                RunDirectory = (string?)json["runDirectory"],
            };
            return trial.Index >= 0 && trial.Point.Count == paths.Count
                && trial.Point.All(x => x is >= 0 and <= 1)
                ? trial
                : throw new FormatException("it belongs to another space");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new FormatException("it is not a trial", e);
        }
    }

    private static JsonNode? Number(double? value)
        => value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;
}

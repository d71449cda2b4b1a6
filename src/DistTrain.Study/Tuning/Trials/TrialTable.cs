using System.Globalization;
using System.Text;
using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tuning.Trials;

/// <summary>trials.csv: one row for each trial, one column for each field that was searched.</summary>
public static class TrialTable
{
    public static string Write(SearchSpace space, IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(space);
        ArgumentNullException.ThrowIfNull(trials);
        var text = new StringBuilder();
        Row(["trial", "status", "value", "epochs", "steps", "seconds",
            .. space.Dimensions.Select(d => d.Path), "reason", "runDirectory"]);
        foreach (Trial t in trials.OrderBy(t => t.Index))
        {
            Row([Number(t.Index), t.StatusText, Number(t.Value), Number(t.Curve.Count), Number(t.Steps),
                Number(Math.Round(t.Seconds, 3)), .. t.Values.Select(Plain), t.Reason, t.RunDirectory]);
        }

        return text.ToString();

        void Row(IEnumerable<string?> cells) => text.AppendJoin(',', cells.Select(Cell)).Append('\n');
    }

    /// <summary>Text without JSON's quotes; anything else as JSON.</summary>
    internal static string? Plain(string? json)
        => json is ['"', .., '"'] ? System.Text.Json.JsonSerializer.Deserialize<string>(json) : json;

    private static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    private static string Cell(string? text)
        => text is null ? ""
            : text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

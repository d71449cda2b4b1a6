using System.Net;
using System.Text.Json;
using DistTrain.Core.Coordination.Noise;

namespace DistTrain.Runs.Reports;

/// <summary>What a report says of the gradient noise: a sentence, and the chart where there is one.</summary>
internal sealed class NoiseSection
{
    private readonly ReportContent _content;
    private readonly int? _batch;
    private readonly int? _shards;

    public NoiseSection(ReportContent content)
    {
        _content = content;
        (_batch, _shards) = BatchOf(content.JobJson);
    }

    public string Render(ReportCharts charts)
        => "<section><h2>Gradient noise</h2><p class=\"text\">" + WebUtility.HtmlEncode(Sentence())
            + $"</p></section>{charts.NoiseScale(_batch)}\n";

    private string Sentence()
    {
        if (_content.Summary.NoiseScale is not { } scale)
        {
            return Missing();
        }

        string said = $"The noise scale of this run is {NoiseVerdict.Samples(scale)} samples: about the "
            + "batch up to which twice the batch needs little more than half the steps";
        return _batch is { } batch
            ? $"{said}; {NoiseVerdict.Sentence(NoiseVerdict.PlaceOf(scale, batch), batch)}. "
                + Meaning(NoiseVerdict.PlaceOf(scale, batch)) + Growth()
            : said + "." + Growth();
    }

    private string Missing()
    {
        if (_shards is { } shards and < 2)
        {
            return NoiseVerdict.Describe(null, _batch ?? 0, shards) + ".";
        }

        return _content.Summary.Steps == 0
            ? "No step was taken."
            : "The mean gradient of this run is lost in the noise of its batches: the critical batch is too "
                + "large to be told from them. A larger batch would show it.";
    }

    private static string Meaning(BatchPlace place) => place switch
    {
        BatchPlace.Below => "A larger batch would train in fewer steps at almost the same number of samples.",
        BatchPlace.Above => "Much of each batch says little that is new: a smaller one would reach the same "
            + "loss with fewer samples.",
        _ => "Steps and samples are in balance.",
    };

    private static string Growth()
        => " It mostly grows as training goes on: the end of a run bears larger batches than its beginning.";

    private static (int? Batch, int? Shards) BatchOf(string jobJson)
    {
        try
        {
            using var document = JsonDocument.Parse(jobJson);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("batch", out JsonElement batch)
                && batch.ValueKind == JsonValueKind.Object
                    ? (Whole(batch, "global"), Whole(batch, "shards")) : (null, null);
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static int? Whole(JsonElement batch, string name)
        => batch.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetInt32(out int number) ? number : null;
}

using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;
using DistTrain.Runs.Timeline;
using DistTrain.Runs.Verdicts;

namespace DistTrain.Runs.Reports;

/// <summary>Puts a report's parts together. Every text that came from outside is encoded.</summary>
internal sealed class ReportPage(ReportContent content)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly StringBuilder _html = new(1 << 16);

    public string Render()
    {
        RunSummary summary = content.Summary;
        string name = Encode(Path.GetFileName(Path.TrimEndingDirectorySeparator(summary.RunDirectory)));
        var charts = new ReportCharts(content);
        string accuracy = charts.Accuracy();
        _html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append($"<title>{name} · DistTrain</title>\n<style>\n{ReportStyle.Css}\n")
            .Append($"{TimelineStyle.Css}\n</style></head>\n")
            .Append($"<body><main>\n<header><h1>{name}</h1>{Status(summary)}")
            .Append($"<p>{Encode(JobCaption.Describe(content.JobJson))}</p></header>\n");
        AppendTiles(summary);
        if (summary.Error is { } error)
        {
            _html.Append("<section class=\"verdict bad\"><h2>The run failed</h2>")
                .Append($"<p>{Encode(error)}</p></section>\n");
        }

        AppendVerdict(FitVerdict.Judge(content.Epochs, content.Classes));
        _html.Append(charts.Loss()).Append("\n<div class=\"pair\">")
            .Append(accuracy).Append('\n').Append(charts.LearningRate(alone: accuracy.Length == 0))
                .Append("</div>\n");
        _html.Append(new NoiseSection(content).Render(charts));
        _html.Append(TimeSection.Render(content.Timeline));
        AppendEpochs();
        _html.Append("<section><details open><summary>The effective job</summary><pre>")
            .Append(Encode(Pretty(content.JobJson))).Append("</pre></details></section>\n");
        AppendFooter(summary);
        return _html.Append("</main></body></html>\n").ToString();
    }

    private static string Status(RunSummary summary)
    {
        string tone = summary.Status switch
        {
            RunStatus.Failed => "bad",
            RunStatus.Interrupted => "warn",
            _ => "good",
        };
        return $"<span class=\"pill {tone}\">{summary.StatusText}</span>";
    }

    private void AppendTiles(RunSummary summary)
    {
        _html.Append("<div class=\"tiles\">");
        AppendResult("test", summary.Test);
        AppendResult("validation", summary.Validation);
        AppendResult("training", summary.Train);
        AppendTile("throughput", Figures.Count(summary.SamplesPerSecond), "samples per second");
        AppendTile(
            "time", Figures.Duration(summary.Seconds),
            Figures.Counted(summary.Epochs, "epoch") + ", " + Figures.Counted(summary.Steps, "step"));
        _html.Append("</div>\n");
    }

    private void AppendResult(string split, EvaluationMetrics? metrics)
    {
        if (metrics is { Accuracy: { } accuracy })
        {
            AppendTile(split + " accuracy", Figures.Percent(accuracy), "loss " + Figures.Loss(metrics.Loss));
        }
        else if (metrics is not null)
        {
            AppendTile(split + " loss", Figures.Loss(metrics.Loss), "");
        }
    }

    private void AppendTile(string label, string value, string below)
        => _html.Append($"<div class=\"tile\"><span>{label}</span><b>{value}</b>")
            .Append($"<small>{below}</small></div>");

    private void AppendVerdict(FitVerdict verdict)
    {
        string tone = verdict.Kind switch
        {
            FitKind.GoodFit => "good",
            FitKind.Diverged => "bad",
            _ => "warn",
        };
        _html.Append($"<section class=\"verdict {tone}\"><h2>{Encode(verdict.Headline)}</h2>")
            .Append($"<p>{Encode(verdict.Explanation)}</p><div class=\"columns\">");
        if (verdict.Figures.Count > 0)
        {
            _html.Append("<div><h3>What this rests on</h3><dl>");
            foreach (FitFigure figure in verdict.Figures)
            {
                _html.Append($"<div><dt>{Encode(figure.Label)}</dt><dd>{Encode(figure.Value)}</dd></div>");
            }

            _html.Append("</dl></div>");
        }

        _html.Append("<div><h3>What to try next</h3><ul>");
        foreach (string advice in verdict.TryNext)
        {
            _html.Append($"<li>{Encode(advice)}</li>");
        }

        _html.Append("</ul></div></div></section>\n");
    }

    private void AppendEpochs()
    {
        if (content.Epochs.Count == 0)
        {
            return;
        }

        bool validated = content.Epochs.Any(e => e.Validation is not null);
        bool classified = content.Epochs.Any(e => e.Train.Accuracy is not null);
        _html.Append("<section><h2>Epochs</h2><div class=\"scroll\"><table><thead><tr>")
            .Append("<th>epoch</th><th>step</th><th>training loss</th>")
            .Append(classified ? "<th>accuracy</th>" : "")
            .Append(validated ? "<th>validation loss</th>" : "")
            .Append(validated && classified ? "<th>accuracy</th>" : "")
            .Append("<th>learning rate</th><th>samples/s</th><th>time</th></tr></thead><tbody>");
        foreach (EpochMetrics e in content.Epochs)
        {
            _html.Append(e == content.Best ? "<tr class=\"best\">" : "<tr>");
            AppendCell(Figures.Count(e.Epoch));
            AppendCell(Figures.Count(e.Step));
            AppendCell(Figures.Loss(e.Train.Loss));
            AppendCell(Figures.Percent(e.Train.Accuracy), classified);
            AppendCell(Figures.Loss(e.Validation?.Loss), validated);
            AppendCell(Figures.Percent(e.Validation?.Accuracy), validated && classified);
            AppendCell(Figures.Rate(e.LearningRate));
            AppendCell(Figures.Count(e.SamplesPerSecond));
            AppendCell(Figures.Duration(e.Elapsed.TotalSeconds));
            _html.Append("</tr>");
        }

        _html.Append("</tbody></table></div></section>\n");
    }

    private void AppendCell(string text, bool shown = true) => _html.Append(shown ? $"<td>{text}</td>" : "");

    private void AppendFooter(RunSummary summary)
    {
        string weights = summary.WeightsSha256 is { } hash ? $"Weights SHA-256 {Encode(hash)}<br>" : "";
        _html.Append($"<footer>{weights}{Encode(summary.RunDirectory)}</footer>\n");
    }

    private static string Pretty(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return JsonSerializer.Serialize(document.RootElement, Indented);
        }
        catch (JsonException)
        {
            return json;
        }
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}

using System.Text;
using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;

namespace DistTrain.Study.Reports;

/// <summary>What to use, why, and how far to trust it: the first thing on the page.</summary>
internal sealed class RecommendationSection(WorkloadFindings found, string prefix)
{
    private readonly Recommendation _advice = found.Recommendation;
    private readonly Yardstick _yardstick = found.Yardstick;

    public string Render()
    {
        var html = new StringBuilder();
        string tone = _advice.Choice is null ? "bad" : _advice.Thin.Count > 0 ? "warn" : "good";
        html.Append($"<section id=\"{prefix}recommendation\" class=\"advice {tone}\">")
            .Append("<p class=\"eyebrow\">Recommendation</p>")
            .Append($"<h2>{Markup.Encode(Headline())}</h2>");
        if (_advice.Choice is { } choice)
        {
            html.Append(Tiles(choice)).Append($"<p class=\"answer\">{Markup.Encode(Evidence(choice))}</p>");
        }

        AppendThin(html);
        html.Append(Alternatives());
        html.Append("<details><summary>How it was chosen, and from which runs</summary>")
            .Append($"<p>{Markup.Encode(Recommendation.Rule)}</p>");
        if (_advice.Choice is { } chosen)
        {
            string runs = string.Join(", ", chosen.Outcome.Runs);
            html.Append($"<p>Runs: <code>{Markup.Encode(runs)}</code></p>");
        }

        return html.Append("</details></section>\n").ToString();
    }

    private string Headline()
    {
        if (_advice.Choice is not { } choice)
        {
            return "The evidence is too thin to recommend anything.";
        }

        Setting s = choice.Outcome.Setting;
        string start = _advice.Thin.Count > 0 ? "For now, use" : "Use";
        return $"{start} batch {Words.Count(s.Batch)} with {s.Optimizer} at rate {Words.Number(s.PeakRate)}.";
    }

    private string Tiles(Choice choice)
    {
        Setting s = choice.Outcome.Setting;
        return "<div class=\"tiles\">" + Tile("batch", Words.Count(s.Batch), "samples a step")
            + Tile("learning rate", Words.Number(s.PeakRate), $"{s.Optimizer}, {s.Rule}")
            + Tile("warm-up", Words.Number(s.WarmupEpochs), s.WarmupEpochs == 1 ? "epoch" : "epochs")
            + Tile("epochs", Words.Count(_advice.Epochs ?? s.Epochs), EpochsNote(choice.Outcome))
            + Tile("workers", Words.Count((_advice.Fastest ?? choice).Workers), WorkersNote(choice.Outcome))
            + "</div>";
    }

    private static string EpochsNote(Outcome outcome)
        => outcome is { ReachesTarget: true, EpochsToTarget: { } epochs }
        ? $"target after {Words.Number(epochs)}" : "target not reached";

    private static string WorkersNote(Outcome outcome) => outcome.Timings.Count > 1
        ? $"of {Words.List(outcome.Timings.Select(t => Words.Count(t.Workers)))} tried" : "no others tried";

    private static string Tile(string label, string value, string below)
        => $"<div class=\"tile\"><span>{label}</span><b>{Markup.Encode(value)}</b>"
            + $"<small>{Markup.Encode(below)}</small></div>";

    private string Evidence(Choice choice)
    {
        Outcome o = choice.Outcome;
        string score = $"Over {Words.Counted(o.Seeds, "seed")} its {_yardstick.Name} is "
            + $"{Words.With(o.Score!, v => Words.Score(_yardstick, v))}";
        string test = o.Test is { } t && !_yardstick.OnTest
            ? $", on the test set {Words.With(t, v => Words.Score(_yardstick, v))}" : "";
        string time = $" With {Words.Counted(choice.Workers, "worker")} it takes "
            // However wide the scatter of few seeds, no run takes less than no time.
            + Words.With(choice.Seconds, seconds => Words.Seconds(Math.Max(0, seconds)))
            + (_advice.TimeToTarget ? " to reach the target" : " for the whole run")
            + (_advice.Fastest is { } fast && fast.Workers != choice.Workers
                ? $", with {fast.Workers} {Words.Seconds(fast.Seconds.Mean)}." : ".");
        return score + test + "." + time + Comparison(choice);
    }

    private string Comparison(Choice choice)
    {
        if (_advice.Best is not { Score: { } top } best)
        {
            return "";
        }

        string score = Words.Score(_yardstick, top.Mean);
        return ReferenceEquals(best, choice.Outcome)
            ? $" No setting has a better {_yardstick.Name} on average."
            : $" The best {_yardstick.Name}, {score}, is that of {best.Setting.Line} at batch "
                + $"{Words.Count(best.Setting.Batch)}; this one is worse by "
                + Words.With(choice.Shortfall, v => Words.Worse(_yardstick, v)) + ".";
    }

    private void AppendThin(StringBuilder html)
    {
        if (_advice.Thin.Count == 0)
        {
            return;
        }

        html.Append("<div class=\"thin\"><p><b>The evidence is too thin because</b></p><ul>");
        foreach (ThinEvidence thin in _advice.Thin)
        {
            html.Append($"<li>{Markup.Encode(thin.Text)}</li>");
        }

        html.Append("</ul></div>");
    }

    private string Alternatives()
    {
        var table = new Table(
            "Nearly as good", "batch", "optimizer and rule", "rate", "warm-up, epochs", "workers",
            _advice.TimeToTarget ? "time to target" : "time", _yardstick.Name, "worse than the best by",
            "seeds");
        foreach (Choice c in _advice.Alternatives)
        {
            Setting s = c.Outcome.Setting;
            table.Add(Words.Count(s.Batch), $"{s.Optimizer}, {s.Rule}", Words.Number(s.PeakRate),
                Words.Number(s.WarmupEpochs), Words.Count(c.Workers), Words.Cell(c.Seconds, Words.Seconds),
                Words.Cell(c.Outcome.Score, v => Words.Score(_yardstick, v)),
                Words.Worse(_yardstick, c.Shortfall.Value), Words.Count(c.Outcome.Seeds));
        }

        return table.Folded(open: true);
    }
}

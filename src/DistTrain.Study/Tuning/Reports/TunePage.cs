using System.Net;
using System.Text;
using DistTrain.Runs.Reports;
using DistTrain.Study.Tuning.Importance;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tuning.Reports;

/// <summary>A search as one self-contained page.</summary>
public static class TunePage
{
    private const int MostRows = 200;
    private const string More = """
        .line.trial { stroke:none; } .dot.trial { fill:var(--train); }
        .key.trial::before { background:var(--train); }
        .line.best { stroke:var(--good); } .dot.best { fill:var(--good); }
        .key.best::before { background:var(--good); }
        .line.given-up { stroke:none; } .dot.given-up { fill:var(--valid); }
        .key.given-up::before { background:var(--valid); }
        .strand { fill:none; stroke-width:1.2; stroke:var(--train); stroke-opacity:.35; }
        .strand.top { stroke:var(--good); stroke-width:2.2; stroke-opacity:1; }
        .left, .left th { text-align:left; } td.left { text-align:left; }
        """;

    public static string Render(SearchIdentity identity, Objective objective, IReadOnlyList<Trial> trials)
    {
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(objective);
        string name = Encode(identity.Job.Name);
        Trial[] ran = [.. trials.Where(t => t.Status != TrialStatus.Refused)];
        Trial? best = ran.Where(t => t.Value is not null).MinBy(t => objective.CostOf(t.Value));
        var charts = new TuneCharts(identity.Space, objective, ran);
        var html = new StringBuilder(1 << 16);
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append($"<title>{name} · search</title>\n<style>\n{ReportStyle.Css}\n{More}\n</style></head>\n")
            .Append($"<body><main>\n<header><h1>Search: {name}</h1>")
            .Append($"<p>{Encode(Caption(identity, objective))}</p></header>\n");
        AppendTiles(html, objective, trials, best);
        if (best is null)
        {
            html.Append("<section class=\"verdict warn\"><h2>No trial has a value</h2>")
                .Append("<p>Every trial failed before the end of its first epoch; see the reasons below. ")
                .Append("Lower rates are the first thing to try.</p></section>\n");
        }
        else
        {
            html.Append(charts.Progress());
            AppendImportance(html, MainEffects.Of(identity.Space, trials, objective));
            html.Append("<div class=\"pair\">").Append(charts.Scatters()).Append("</div>\n")
                .Append(charts.Parallel(best));
        }

        AppendTrials(html, identity, objective, trials, best);
        return html.Append("</main></body></html>\n").ToString();
    }

    private static string Caption(SearchIdentity identity, Objective objective)
        => $"{identity.Sampler} over {identity.Space.Dimensions.Count} fields, "
            + $"scheduler {identity.Scheduler}, for the best {objective.Name} at the end of any epoch, "
            + $"seed {identity.Seed}";

    private static void AppendTiles(
        StringBuilder html, Objective objective, IReadOnlyList<Trial> trials, Trial? best)
    {
        html.Append("<div class=\"tiles\">");
        string below = best is null ? "" : $"trial {best.Index}";
        Tile("best " + objective.Name, objective.Show(best?.Value), below);
        Tile("trials", Figures.Count(trials.Count(t => t.Status != TrialStatus.Refused)),
            $"{trials.Count(t => t.Status == TrialStatus.Completed)} completed");
        Tile("given up", Figures.Count(trials.Count(t => t.Status == TrialStatus.GivenUp)), "by halving");
        Tile("failed", Figures.Count(trials.Count(t => t.Status == TrialStatus.Failed)),
            $"{trials.Count(t => t.Status == TrialStatus.Refused)} points refused");
        html.Append("</div>\n");

        void Tile(string label, string value, string note) => html.Append(
            $"<div class=\"tile\"><span>{label}</span><b>{value}</b><small>{note}</small></div>");
    }

    private static void AppendImportance(StringBuilder html, IReadOnlyList<ParameterImportance> importances)
    {
        html.Append("<section><h2>Which fields matter</h2>");
        if (importances.All(i => i.Share is null))
        {
            html.Append("<p>That is not told from fewer than ")
                .Append($"{MainEffects.FewestTrials} trials.</p></section>");
            return;
        }

        html.Append("<table><thead><tr class=\"left\"><th>field</th><th>share explained by it alone</th>")
            .Append("<th>trend</th></tr></thead><tbody>");
        foreach (ParameterImportance importance in importances)
        {
            html.Append($"<tr><td class=\"left\">{Encode(importance.Path)}</td>")
                .Append($"<td class=\"left\">{Figures.Share(importance.Share)}</td>")
                .Append($"<td class=\"left\">{Trend(importance.Trend)}</td></tr>");
        }

        html.Append("</tbody></table><p class=\"note\">Main effects on ranks. Fields that matter only ")
            .Append("together are not seen, and a sampler that settles early on a good value of a field ")
            .Append("makes its share look small.</p></section>\n");
    }

    private static string Trend(double? trend) => trend switch
    {
        null => "–",
        > 0.3 => "higher is better",
        < -0.3 => "lower is better",
        _ => "none, or best in between",
    };

    private static void AppendTrials(
        StringBuilder html, SearchIdentity identity, Objective objective, IReadOnlyList<Trial> trials,
        Trial? best)
    {
        html.Append("<section><h2>Trials, best first</h2><div class=\"scroll\"><table><thead><tr>")
            .Append($"<th>trial</th><th>{objective.Name}</th><th>status</th><th>epochs</th>");
        foreach (string path in identity.Space.Dimensions.Select(d => d.Path))
        {
            html.Append($"<th>{Encode(path)}</th>");
        }

        html.Append("<th>time</th><th>reason</th></tr></thead><tbody>");
        IEnumerable<Trial> ordered = trials.OrderBy(t => objective.CostOf(t.Value)).ThenBy(t => t.Index);
        foreach (Trial t in ordered.Take(MostRows))
        {
            html.Append(t == best ? "<tr class=\"best\">" : "<tr>")
                .Append($"<td>{t.Index}</td><td>{objective.Show(t.Value)}</td><td>{t.StatusText}</td>")
                .Append($"<td>{t.Curve.Count}</td>");
            foreach (string? value in t.Values)
            {
                html.Append($"<td>{Encode(TrialTable.Plain(value) ?? "–")}</td>");
            }

            html.Append($"<td>{Figures.Duration(t.Seconds)}</td><td>{Encode(t.Reason ?? "")}</td></tr>");
        }

        html.Append("</tbody></table></div>");
        if (trials.Count > MostRows)
        {
            html.Append($"<p class=\"note\">{trials.Count - MostRows} more are in trials.csv.</p>");
        }

        html.Append("</section>\n");
    }

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}

using System.Text;
using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;
using DistTrain.Study.Records;

namespace DistTrain.Study.Reports;

/// <summary>
/// Puts the sections together: recommendation first, then one question after the other. The page is HTML that
/// is XML as well, needs no script, and takes nothing from elsewhere.
/// </summary>
internal sealed class StudyPage(StudyFrame frame, IReadOnlyList<StudyRun> runs, StudyFindings findings)
{
    private readonly StringBuilder _html = new(1 << 17);

    public string Render()
    {
        string name = Markup.Encode(frame.Name);
        _html.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>")
            .Append("<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; style-src 'unsafe-inline'\"/>")
            .Append($"<title>{name} · DistTrain study</title>\n<style>\n{StudyStyle.Css}\n</style></head>\n")
            .Append($"<body><main>\n<header><p class=\"eyebrow\">Study</p><h1>{name}</h1>")
            .Append(frame.Question is { } question ? $"<p class=\"lead\">{Markup.Encode(question)}</p>" : "")
            .Append($"<p class=\"facts\">{Markup.Encode(Facts())}</p></header>\n");
        for (int i = 0; i < findings.Workloads.Count; i++)
        {
            AppendWorkload(findings.Workloads[i], findings.Workloads.Count > 1 ? $"w{i + 1}-" : "");
        }

        _html.Append(RunsTable.Make(runs).Render()).Append(BackMatter.Words())
            .Append(BackMatter.Making(frame, findings));
        return _html.Append("</main></body></html>\n").ToString();
    }

    private string Facts()
    {
        string ended = $"{Words.Count(findings.Runs)} of {Words.Counted(findings.Planned, "run")} in";
        string[] bad = [
            .. findings.Diverged > 0 ? [$"{findings.Diverged} diverged"] : Array.Empty<string>(),
            .. findings.GivenUp > 0 ? [$"{findings.GivenUp} given up"] : Array.Empty<string>(),
            .. findings.Failed > 0 ? [$"{findings.Failed} failed"] : Array.Empty<string>()];
        return string.Join(" · ", [
            .. findings.Workloads.Select(w => $"{w.Model} on {w.Dataset}"), "target "
                + $"{TargetText.Of(frame.Target)}",
            ended, .. bad]);
    }

    private void AppendWorkload(WorkloadFindings found, string prefix)
    {
        if (prefix.Length > 0)
        {
            _html.Append($"<h2 class=\"workload\">{Markup.Encode(found.Model)} on "
                + $"{Markup.Encode(found.Dataset)}</h2>");
        }

        _html.Append(new RecommendationSection(found, prefix).Render());
        Section[] sections = [
            new AccuracySection(frame, found, prefix).Make(),
            new TradeOffSection(frame, found, prefix).Make(),
            new BestRateSection(found, prefix).Make(), new WorkersSection(found, prefix).Make(),
            new WarmupSection(found, prefix).Make(), new NoiseSection(found, prefix).Make(),
            new GapSection(found, prefix).Make()];
        _html.Append("<nav aria-label=\"Questions\"><ul>");
        foreach (Section section in sections)
        {
            _html.Append($"<li><a href=\"#{section.Id}\">{Markup.Encode(section.Title)}</a></li>");
        }

        _html.Append("<li><a href=\"#runs\">All runs</a></li>")
            .Append("<li><a href=\"#glossary\">Glossary</a></li></ul></nav>\n")
            .AppendJoin("", sections.Select(s => s.Render()));
    }
}

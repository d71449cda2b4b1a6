using System.Globalization;
using System.Net;
using System.Text;
using DistTrain.Runs.Timeline;

namespace DistTrain.Runs.Reports;

/// <summary>
/// What a report says of where the time went: a sentence, a table of the workers' shares, and some steps from
/// the middle of the run as a picture.
/// </summary>
internal static class TimeSection
{
    /// <summary>Enough to see whether one is like the other.</summary>
    private const int StepsShown = 6;

    /// <summary>Empty where no step was timed.</summary>
    public static string Render(TimelineRecord? timeline)
    {
        if (timeline is not { Steps.Count: > 0 })
        {
            return "";
        }

        TimeShares shares = TimeShares.Of(timeline.Steps);
        var html = new StringBuilder("<section><h2>Where the time went</h2><p class=\"text\">");
        html.Append(WebUtility.HtmlEncode(Sentence(timeline, shares))).Append("</p>")
            .Append("<div class=\"scroll\"><table><thead><tr><th>worker</th><th>steps</th>")
            .Append("<th>shards a step</th><th>compute</th><th>exchange</th><th>waiting</th>")
            .Append("<th>answered last</th></tr></thead><tbody>");
        foreach (WorkerShare worker in shares.Workers)
        {
            html.Append($"<tr><td>{WebUtility.HtmlEncode(worker.Worker)}</td>")
                .Append($"<td>{Figures.Count(worker.Steps)}</td>")
                .Append(CultureInfo.InvariantCulture, $"<td>{worker.Shards:0.#}</td>")
                .Append($"<td>{Figures.Roughly(worker.Compute)}</td>")
                .Append($"<td>{Figures.Roughly(worker.Exchange)}</td>")
                .Append($"<td>{Figures.Roughly(worker.Waiting)}</td>")
                .Append($"<td>{Figures.Count(worker.Last)}</td></tr>");
        }

        return html.Append("</tbody></table></div><figure class=\"wide\">")
            .Append(TimelinePicture.Render(MiddleOf(timeline.Steps), [])).Append("</figure></section>\n")
            .ToString();
    }

    private static string Sentence(TimelineRecord timeline, TimeShares shares)
    {
        string kept = timeline.Stride == 1
            ? Figures.Counted(shares.Steps, "step")
            : Figures.Counted(shares.Steps, "step")
                + $", which stand for about {timeline.Stride} times as many";
        return $"Of the time of {kept}, {Figures.Roughly(shares.Computing)} went into gradients, "
            + $"{Figures.Roughly(shares.Reducing)} into their sum and "
            + $"{Figures.Roughly(shares.Updating)} into the update. {shares.Verdict}";
    }

    /// <summary>Steps that follow each other in one attempt, where there are as many.</summary>
    private static TimelineStep[] MiddleOf(IReadOnlyList<TimelineStep> steps)
    {
        int middle = Math.Max(0, Math.Min(steps.Count / 2, steps.Count - StepsShown));
        TimelineStep first = steps[middle];
        return
        [
            .. steps.Skip(middle).Take(StepsShown)
                .TakeWhile((step, i) => step.Step == first.Step + i && step.Begin >= first.Begin),
        ];
    }
}

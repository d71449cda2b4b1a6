using System.Globalization;
using System.Text;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Runs.Charts;

namespace DistTrain.Runs.Timeline;

/// <summary>
/// Some steps as a picture: a row for the coordinator and one for each worker, time to the right. It needs no
/// script: what a stretch is shows in the browser's own tooltips. Coloured by <see cref="TimelineStyle"/>.
/// </summary>
public sealed class TimelinePicture
{
    /// <summary>More stretches than this cannot be told apart in a picture.</summary>
    private const int MostSlices = 3000;

    private const double Width = 900, Left = 130, Right = 14, Top = 26, RowHeight = 30, BarHeight = 20;
    private const double Foot = 44, LegendHeight = 24, Narrowest = 0.15;
    private readonly IReadOnlyList<TimelineStep> _steps;
    private readonly IReadOnlyList<TimelinePhase> _phases;
    private readonly List<string> _workers;
    private readonly DateTimeOffset _zero;
    private readonly TimeSpan _unit;
    private readonly Axis _axis;
    private readonly StringBuilder _svg = new(1 << 14);

    private TimelinePicture(IReadOnlyList<TimelineStep> steps, IReadOnlyList<TimelinePhase> phases)
    {
        _zero = steps[0].Begin;
        DateTimeOffset end = steps.Max(step => step.End);
        (_steps, _phases) = (steps, [.. phases.Where(phase => phase.Begin >= _zero && phase.Begin < end)]);
        _workers = [.. steps.SelectMany(step => step.Times.Workers).Select(worker => worker.Worker)
            .Distinct().Order(StringComparer.Ordinal)];
        TimeSpan length = end - _zero;
        (_unit, string name) = length.TotalSeconds >= 10 ? (TimeSpan.FromSeconds(1), "s")
            : length.TotalMilliseconds >= 5 ? (TimeSpan.FromMilliseconds(1), "ms")
            : (TimeSpan.FromMicroseconds(1), "µs");
        _axis = Axis.Exact($"{name} from the first of these steps", 0, Math.Max(length / _unit, 1e-3), 9);
    }

    private double Height => Top + RowHeight * (1 + _workers.Count) + Foot + LegendHeight;

    /// <summary>An SVG element, to stand in a page that has the style.</summary>
    /// <param name="steps">At least one; as many of the first are drawn as can be told apart.</param>
    /// <param name="phases">What lay between them.</param>
    public static string Render(IReadOnlyList<TimelineStep> steps, IReadOnlyList<TimelinePhase> phases)
        => new TimelinePicture(Drawable(steps), phases).Render();

    /// <summary>A file of its own, which brings its style along.</summary>
    public static string File(IReadOnlyList<TimelineStep> steps, IReadOnlyList<TimelinePhase> phases)
    {
        var picture = new TimelinePicture(Drawable(steps), phases);
        string svg = picture.Render();
        int inside = svg.IndexOf("</title>", StringComparison.Ordinal) + "</title>".Length;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{picture.Height}\" ")
            + svg["<svg ".Length..inside]
            + $"<style>{TimelineStyle.Alone}{TimelineStyle.Css}</style>"
            + "<rect class=\"page\" width=\"100%\" height=\"100%\"/>" + svg[inside..] + "\n";
    }

    private static TimelineStep[] Drawable(IReadOnlyList<TimelineStep> steps)
    {
        int slices = 0;
        return [.. steps.TakeWhile((step, i) =>
        {
            slices += 3 + step.Times.Workers.Sum(worker => 4 + 2 * worker.Shards.Count);
            return i == 0 || slices <= MostSlices;
        })];
    }

    private string Render()
    {
        var frame = new ChartFrame(
            Left, Top, Width - Left - Right, RowHeight * (1 + _workers.Count), _axis,
            new Axis("", 0, 1, IsLogarithmic: false, []));
        _svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" ")
            .Append("aria-label=\"Where the time of some steps went\">")
            .Append("<title>Where the time of some steps went</title>");
        frame.AppendAxes(_svg);
        AppendName(0, "coordinator");
        for (int i = 0; i < _workers.Count; i++)
        {
            AppendName(1 + i, _workers[i]);
        }

        foreach (TimelineStep step in _steps)
        {
            AppendStep(step, frame);
        }

        foreach (TimelinePhase phase in _phases)
        {
            string name = phase.Kind.ToString().ToLowerInvariant();
            AppendSlice(frame, 0, name, phase.Begin - _zero, phase.Duration, name);
        }

        AppendLegend();
        return _svg.Append("</svg>").ToString();
    }

    private void AppendStep(TimelineStep step, ChartFrame frame)
    {
        StepTimes times = step.Times;
        TimeSpan begin = step.Begin - _zero, reduce = begin + times.Computing;
        string name = $"step {step.Step}";
        double at = frame.X(begin / _unit), end = frame.X((begin + times.Elapsed) / _unit);
        _svg.Append($"<line class=\"border\" x1=\"{Fine(at)}\" x2=\"{Fine(at)}\" y1=\"{Top}\" ")
            .Append($"y2=\"{Fine(frame.Bottom)}\"/>");
        if (end - at > 7 * name.Length)
        {
            _svg.Append($"<text class=\"mid\" x=\"{Fine((at + end) / 2)}\" y=\"{Top - 9}\">{name}</text>");
        }

        AppendSlice(frame, 0, "waiting", begin, times.Computing, $"{name}: waiting for gradients");
        AppendSlice(frame, 0, "reduce", reduce, times.Reducing, $"{name}: sum and norm");
        AppendSlice(frame, 0, "update", reduce + times.Reducing, times.Updating, $"{name}: update");
        foreach (WorkerTimes worker in times.Workers)
        {
            int row = 1 + _workers.IndexOf(worker.Worker);
            foreach (WorkerSlice slice in WorkerSlices.Of(worker))
            {
                string kind = slice.Kind.ToString().ToLowerInvariant();
                string what = slice.Kind == SliceKind.Shard ? $"shard {slice.Shard}" : kind;
                AppendSlice(frame, row, kind, begin + slice.Start, slice.Duration,
                    $"{worker.Worker}, {name}: {what}");
            }
        }
    }

    private void AppendSlice(
        ChartFrame frame, int row, string kind, TimeSpan start, TimeSpan duration, string says)
    {
        double at = frame.X(start / _unit), width = frame.X((start + duration) / _unit) - at;
        if (width < Narrowest)
        {
            return;
        }

        _svg.Append($"<rect class=\"slice {kind}\" x=\"{Fine(at)}\" width=\"{Fine(width)}\" ")
            .Append($"y=\"{Fine(RowTop(row))}\" height=\"{BarHeight}\"><title>{Markup.Encode(says)}, ")
            .Append(CultureInfo.InvariantCulture, $"{duration / TimeSpan.FromMilliseconds(1):0.###} ms")
            .Append("</title></rect>");
    }

    private void AppendName(int row, string name)
        => _svg.Append($"<text class=\"end\" x=\"{Left - 10}\" y=\"{Fine(RowTop(row) + BarHeight / 2)}\" ")
            .Append($"dy=\".35em\">{Markup.Encode(name.Length <= 16 ? name : name[..15] + "…")}</text>");

    private void AppendLegend()
    {
        (string Kind, string Text)[] entries =
        [
            ("shard", "shard"), ("sum", "sum"), ("exchange", "exchange"), ("waiting", "waiting"),
            ("reduce", "sum and norm"), ("update", "update"),
            .. _phases.Select(phase => phase.Kind.ToString().ToLowerInvariant()).Distinct()
                .Select(kind => (kind, kind)),
        ];
        double x = Left, y = Height - 12;
        foreach ((string kind, string text) in entries)
        {
            _svg.Append($"<rect class=\"slice {kind}\" x=\"{Fine(x)}\" y=\"{Fine(y - 9)}\" ")
                .Append("width=\"14\" height=\"10\"/>")
                .Append($"<text x=\"{Fine(x + 19)}\" y=\"{Fine(y)}\">{text}</text>");
            x += 36 + 7 * text.Length;
        }
    }

    private static double RowTop(int row) => Top + row * RowHeight + (RowHeight - BarHeight) / 2;

    private static string Fine(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}

using System.Net;
using System.Text;
using DistTrain.Runs.Charts;
using DistTrain.Runs.Reports;

namespace DistTrain.Study.Sweeps;

/// <summary>A sweep as one self-contained page: the loss over the rate, with the suggestions on it.</summary>
public static class SweepPage
{
    private const string More = """
        .dot.mark { fill:var(--good); }
        .line.mark { stroke:none; } .key.mark::before { background:var(--good); }
        """;

    /// <param name="reading">The sweep.</param>
    /// <param name="title">Model and data, for the heading.</param>
    /// <param name="batch">The global batch it was made with.</param>
    public static string Render(SweepReading reading, string title, int batch)
    {
        ArgumentNullException.ThrowIfNull(reading);
        string heading = WebUtility.HtmlEncode(title);
        var html = new StringBuilder(1 << 15);
        html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; style-src 'unsafe-inline'\">")
            .Append($"<title>{heading} · learning rates</title>\n")
            .Append($"<style>\n{ReportStyle.Css}\n{More}\n</style></head>\n<body><main>\n")
            .Append($"<header><h1>Learning rates for {heading}</h1>")
            .Append($"<p>A sweep over {reading.Points.Count} steps with a batch of {batch}</p></header>\n");
        AppendTiles(html, reading);
        if (reading.Curve.Count > 1)
        {
            html.Append("<section><figure><figcaption><h2>Training loss over the learning rate</h2>")
                .Append("<span class=\"key step\">each step</span><span class=\"key train\">smoothed</span>")
                .Append("<span class=\"key mark\">suggestions</span></figcaption>")
                .Append(Chart(reading)).Append("</figure></section>\n");
        }

        AppendMeaning(html, reading, batch);
        return html.Append("</main></body></html>\n").ToString();
    }

    private static void AppendTiles(StringBuilder html, SweepReading reading)
    {
        html.Append("<div class=\"tiles\">");
        Tile("steepest descent", reading.Steepest?.Rate);
        Tile("a tenth of the minimum", reading.TenthOfMinimum?.Rate);
        Tile("blew up at", reading.BlewUpAt);
        html.Append("</div>\n");

        void Tile(string label, double? rate) => html.Append(
            $"<div class=\"tile\"><span>{label}</span><b>{Figures.Rate(rate)}</b></div>");
    }

    private static string Chart(SweepReading reading)
    {
        IReadOnlyList<SweepPoint> curve = reading.Curve;
        (double from, double to) = (curve[0].Rate, curve[^1].Rate);
        var rates = new Axis(
            "learning rate, log scale", from, to, IsLogarithmic: true,
            [.. NiceTicks.Logarithmic(from, to).Select(r => new Tick(r, NiceTicks.Label(r, r)))]);
        Axis losses = Axis.Linear("loss", curve.Min(p => p.Loss), curve.Max(p => p.Loss), 5);
        Series marks = new("suggestions", "mark", [.. Marks(reading)], Dots: true, Describe);
        return new LineChart(
            "Training loss over the learning rate", rates, losses,
            [
                new Series("each step", "step", Points(reading.Points), Dots: false, Describe),
                new Series("smoothed", "train", Points(curve), Dots: false, Describe),
                marks,
            ],
            reading.BlewUpAt is { } rate ? new Marker(rate, "blew up", LabelBelow: false) : null)
            .Render(960, 380);
    }

    private static string Describe(Point p) => $"rate {Figures.Rate(p.X)}, loss {Figures.Loss(p.Y)}";

    private static List<Point> Points(IReadOnlyList<SweepPoint> points)
        => [.. points.Select(p => new Point(p.Rate, p.Loss))];

    private static IEnumerable<Point> Marks(SweepReading reading)
        => new[] { reading.TenthOfMinimum, reading.Steepest }.OfType<RateSuggestion>()
            .Select(s => s.Rate)
            .Select(rate => reading.Curve.MinBy(p => Math.Abs(Math.Log(p.Rate / rate))))
            .Select(p => new Point(p.Rate, p.Loss)).OrderBy(p => p.X);

    private static void AppendMeaning(StringBuilder html, SweepReading reading, int batch)
    {
        html.Append("<section class=\"verdict ").Append(reading.WhyNone is null ? "good" : "warn")
            .Append("\"><h2>What this says</h2><ul>");
        if (reading.WhyNone is { } why)
        {
            Item("No suggestion: " + why + ".");
        }
        if (reading.Steepest is { } steepest)
        {
            Item($"{Figures.Rate(steepest.Rate)}: {steepest.Caveat}.");
        }
        if (reading.TenthOfMinimum is { } tenth)
        {
            Item($"{Figures.Rate(tenth.Rate)}: {tenth.Caveat}.");
        }

        Item($"The rates belong to a batch of {batch}, this optimizer and the first steps of training. A "
            + "study measures what they lead to at the end of it.");
        html.Append("</ul></section>\n");

        void Item(string text) => html.Append("<li>").Append(WebUtility.HtmlEncode(text)).Append("</li>");
    }
}

using System.Text;
using System.Text.Json;
using DistTrain.Cli.Terminal;
using DistTrain.Core.Jobs;
using DistTrain.Study.Sweeps;

namespace DistTrain.Cli.Study;

/// <summary>What lr-find found, for people and as JSON.</summary>
internal static class SweepText
{
    private const int WidestCurve = 76;
    private const int CurveRows = 10;

    public static void Write(SweepReading reading, JobSpec job, string page, CommandContext context)
    {
        TextWriter output = context.Output;
        Draw(reading, output, context.Look);
        if (reading.WhyNone is { } why)
        {
            output.WriteLine($"no suggestion: {why}");
        }

        Suggest("steepest descent", reading.Steepest);
        Suggest("tenth of minimum", reading.TenthOfMinimum);
        if (reading.BlewUpAt is { } rate)
        {
            output.WriteLine($"blew up at        {Units.Rate(rate)}");
        }
        if (reading.Steepest is { } steepest)
        {
            output.WriteLine($"to use it         --set learningRate.base={Units.Rate(steepest.Rate)} "
                + (job.LearningRate.Scaling == ScalingRule.None
                    ? ""
                    : $"--set learningRate.referenceBatch={job.Batch.Global} ")
                + $"(it belongs to a batch of {job.Batch.Global})");
        }

        output.WriteLine($"picture           {page}");

        void Suggest(string name, RateSuggestion? suggestion)
        {
            if (suggestion is not null)
            {
                output.WriteLine($"{name,-17} {Units.Rate(suggestion.Rate)}: {suggestion.Caveat}");
            }
        }
    }

    public static string ToJson(SweepReading reading, JobSpec job, string page)
        => JsonSerializer.Serialize(new
        {
            steps = reading.Points.Count,
            batch = job.Batch.Global,
            steepest = reading.Steepest?.Rate,
            tenthOfMinimum = reading.TenthOfMinimum?.Rate,
            blewUpAt = reading.BlewUpAt,
            whyNone = reading.WhyNone,
            page,
            curve = reading.Points.Zip(reading.Curve, (raw, smooth) => new
            {
                rate = raw.Rate,
                loss = raw.Loss,
                smoothed = smooth.Loss,
            }),
        });

    /// <summary>Rates grow by equal factors, so that the axis of steps is their logarithm.</summary>
    private static void Draw(SweepReading reading, TextWriter output, TextLook look)
    {
        int columns = Math.Min(look.Width, WidestCurve);
        CurvePoint[] curve = [.. reading.Curve.Select((p, i) => new CurvePoint(i, p.Loss))];
        CurvePoint[] marks = [.. new[] { reading.TenthOfMinimum, reading.Steepest }.OfType<RateSuggestion>()
            .Select(s => curve.MinBy(c => Math.Abs(Math.Log(reading.Curve[(int)c.Step].Rate / s.Rate))))];
        IReadOnlyList<Line> lines = LossCurve.Render(curve, marks, columns, CurveRows);
        if (lines.Count == 0)
        {
            return;
        }

        var text = new StringBuilder();
        // The last line explains a training run's curve.
        foreach (Line line in lines.SkipLast(1))
        {
            line.WriteTo(text.Clear(), look.Width, look.Color);
            output.WriteLine(text);
        }

        output.WriteLine($"         smoothed loss, rates from {Units.Rate(reading.Curve[0].Rate)} to "
            + $"{Units.Rate(reading.Curve[^1].Rate)}" + (marks.Length > 0 ? ", o suggestions" : ""));
    }
}

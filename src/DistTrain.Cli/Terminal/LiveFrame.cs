namespace DistTrain.Cli.Terminal;

/// <summary>
/// Lays the live region out for a terminal's size. What matters most stays longest when there is little room:
/// the epoch and the loss, then the bar, then the other numbers, then the
/// workers, then the curve.
/// </summary>
public static class LiveFrame
{
    private const int CurveRows = 6;
    private const int WidestCurve = 80;
    private const int WidestBar = 40;

    /// <returns>
    /// Two lines of numbers, and below them noise scale, workers and curve where there is room.
    /// </returns>
    public static IReadOnlyList<Line> Build(RunSnapshot run, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(run);
        int columns = Math.Max(width - 1, 1);
        var lines = new List<Line> { Progress(run, columns), Numbers(run, columns) };
        // Cut off where the terminal is too narrow for it, as every line is.
        if (run.Noise is { } noise && height >= 5)
        {
            lines.Add(new Line(noise, Ink.Faint));
        }

        // Workers are worth more than the curve, and less than two lines of notices above the region.
        IReadOnlyList<Line> workers = WorkerText.Lines(run.Workers);
        if (height >= lines.Count + workers.Count + 2)
        {
            lines.AddRange(workers);
        }

        if (height >= lines.Count + CurveRows + 4)
        {
            lines.AddRange(Curve(run, width));
        }

        return lines;
    }

    /// <summary>The curve alone, as it is left behind at the end of a run.</summary>
    public static IReadOnlyList<Line> Curve(RunSnapshot run, int width)
    {
        ArgumentNullException.ThrowIfNull(run);
        return width < 40
            ? []
            : LossCurve.Render(
                run.TrainCurve, run.ValidationCurve, Math.Min(width - 1, WidestCurve), CurveRows);
    }

    private static Line Progress(RunSnapshot run, int columns)
    {
        string epoch = $"epoch {run.Epoch}/{run.Epochs}";
        double share = run.StepsPerEpoch == 0 ? 0 : (double)run.StepInEpoch / run.StepsPerEpoch;
        string percent = $"  {(int)(100 * share),3} %";
        string step = $"  step {Units.Count(run.StepInEpoch)}/{Units.Count(run.StepsPerEpoch)}";
        string end = run.Evaluating is { } split ? $"  evaluating {split}"
            : run.Remaining is { } time ? $"  {(run.MayEndEarly ? "at most " : "")}{Units.Clock(time)} left"
            : "";

        // Dropped one after the other until a bar of ten columns fits.
        string tail = percent + step + end;
        foreach (string shorter in (string[])[percent + end, percent])
        {
            tail = epoch.Length + tail.Length + 11 > columns ? shorter : tail;
        }

        Line line = new(epoch, Ink.Strong);
        int bar = Math.Min(columns - epoch.Length - tail.Length - 1, WidestBar);
        if (bar >= 4)
        {
            int done = (int)(bar * share);
            line.Add(" ").Add(new string('━', done), Ink.Train).Add(new string('─', bar - done), Ink.Faint);
        }

        return line.Add(tail);
    }

    private static Line Numbers(RunSnapshot run, int columns)
    {
        Line line = new("loss ", Ink.Faint);
        line.Add(run.Loss is { } loss ? Units.Loss(loss) : "-", Ink.Train);
        AddWhereItFits("accuracy ", run.Accuracy is { } accuracy ? Units.Share(accuracy) : null);
        AddWhereItFits("", run.SamplesPerSecond is { } speed ? Units.Throughput(speed) : null);
        AddWhereItFits("batch ", run.Batch is { } batch ? Units.Count(batch) : null);
        AddWhereItFits("rate ", run.LearningRate is { } rate ? Units.Rate(rate) : null);
        return line;

        void AddWhereItFits(string name, string? value)
        {
            if (value is not null && line.Width + 3 + name.Length + value.Length <= columns)
            {
                line.Add("   ").Add(name, Ink.Faint).Add(value);
            }
        }
    }
}

namespace DistTrain.Cli.Terminal;

/// <summary>
/// Draws losses over steps with braille characters, two by four dots in a cell: training as a line,
/// validation as an 'o' at each epoch's end. The vertical axis is logarithmic while all losses are positive,
/// for a loss falls by orders of magnitude and the last of them is the interesting one.
/// </summary>
public static class LossCurve
{
    private const int LabelWidth = 9;

    // Bits of a braille cell (U+2800 + bits), by row and column of the dot.
    private static readonly byte[,] Dots = { { 0x01, 0x08 }, { 0x02, 0x10 }, { 0x04, 0x20 }, { 0x40, 0x80 } };

    /// <param name="train">In order of steps.</param>
    /// <param name="validation">In order of steps.</param>
    /// <param name="columns">Width of the curve and its labels; at least 12. The legend takes 37.</param>
    /// <param name="rows">Height without the legend; at least 2.</param>
    /// <returns>No lines while there are fewer than two points of training.</returns>
    public static IReadOnlyList<Line> Render(
        IReadOnlyList<CurvePoint> train, IReadOnlyList<CurvePoint> validation, int columns, int rows)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        int width = columns - LabelWidth;
        if (train.Count < 2 || width < 3 || rows < 2)
        {
            return [];
        }

        IEnumerable<CurvePoint> all = train.Concat(validation);
        bool logarithmic = all.All(point => point.Loss > 0);
        var scale = new Scale(
            train[0].Step, all.Max(p => p.Step), all.Min(p => p.Loss), all.Max(p => p.Loss), logarithmic,
            2 * width - 1, 4 * rows - 1);
        byte[,] cells = Trace(train, scale, width, rows);
        bool[,] marks = new bool[rows, width];
        foreach (CurvePoint point in validation)
        {
            marks[scale.Y(point.Loss) / 4, scale.X(point.Step) / 2] = true;
        }

        var lines = new List<Line>(rows + 1);
        for (int row = 0; row < rows; row++)
        {
            string label = row == 0 ? Units.Loss(scale.High) : row == rows - 1 ? Units.Loss(scale.Low) : "";
            lines.Add(RowOf(label, cells, marks, row));
        }

        lines.Add(Legend(validation.Count > 0, logarithmic, columns));
        return lines;
    }

    private static byte[,] Trace(IReadOnlyList<CurvePoint> points, Scale scale, int width, int rows)
    {
        var cells = new byte[rows, width];
        (int X, int Y) last = (scale.X(points[0].Step), scale.Y(points[0].Loss));
        foreach (CurvePoint point in points)
        {
            (int X, int Y) next = (scale.X(point.Step), scale.Y(point.Loss));
            int length = Math.Max(Math.Max(next.X - last.X, Math.Abs(next.Y - last.Y)), 1);
            for (int i = 0; i <= length; i++)
            {
                int x = last.X + (next.X - last.X) * i / length;
                int y = last.Y + (next.Y - last.Y) * i / length;
                cells[y / 4, x / 2] |= Dots[y % 4, x % 2];
            }

            last = next;
        }

        return cells;
    }

    private static Line RowOf(string label, byte[,] cells, bool[,] marks, int row)
    {
        Line line = new Line(label.PadLeft(LabelWidth - 2), Ink.Faint).Add(" │", Ink.Faint);
        int width = cells.GetLength(1);
        while (width > 0 && cells[row, width - 1] == 0 && !marks[row, width - 1])
        {
            width--; // a shorter line is not folded when the window is made narrower
        }

        for (int x = 0; x < width;)
        {
            // Neighbours of one kind make one stretch.
            int start = x;
            bool mark = marks[row, x];
            while (x < width && marks[row, x] == mark)
            {
                x++;
            }

            string text = mark
                ? new string('o', x - start)
                : string.Create(x - start, (cells, row, start), static (span, s) =>
                {
                    for (int i = 0; i < span.Length; i++)
                    {
                        byte bits = s.cells[s.row, s.start + i];
                        span[i] = bits == 0 ? ' ' : (char)(0x2800 + bits);
                    }
                });
            line.Add(text, mark ? Ink.Validation : Ink.Train);
        }

        return line;
    }

    private static Line Legend(bool validation, bool logarithmic, int columns)
    {
        Line line = new Line(new string(' ', LabelWidth)).Add("loss: ", Ink.Faint).Add("⠤⠤ train", Ink.Train);
        if (validation)
        {
            line.Add("  ").Add("o validation", Ink.Validation);
        }

        const string Scale = "  log scale";
        return logarithmic && line.Width + Scale.Length <= columns ? line.Add(Scale, Ink.Faint) : line;
    }

    /// <summary>From steps and losses to dots; the topmost row of dots is the highest loss.</summary>
    private readonly record struct Scale(
        double From, double To, double Low, double High, bool Logarithmic, int LastX, int LastY)
    {
        public int X(double step) => To <= From
            ? 0
            : Math.Clamp((int)Math.Round((step - From) / (To - From) * LastX), 0, LastX);

        public int Y(double loss)
        {
            double range = Position(High) - Position(Low);
            return range <= 0
                ? LastY / 2
                : Math.Clamp((int)Math.Round((Position(High) - Position(loss)) / range * LastY), 0, LastY);
        }

        private double Position(double loss) => Logarithmic ? Math.Log(loss) : loss;
    }
}

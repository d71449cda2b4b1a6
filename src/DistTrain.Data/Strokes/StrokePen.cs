namespace DistTrain.Data.Strokes;

/// <summary>A straight piece of a line, in pixels; pixel (x, y) has its centre at integer
/// coordinates.</summary>
internal readonly record struct Segment(float X0, float Y0, float X1, float Y1);

/// <summary>
/// Writes a digit by hand, so to say: picks a template, lets each control point tremble, and lays the whole
/// under a random affine map, as a list of short straight segments.
/// </summary>
internal static class StrokePen
{
    /// <summary>Upper bound of the segments of any digit with its clutter.</summary>
    public const int MaxSegments = 128;

    private const int PiecesPerCurve = 5;
    private const float ImageCentre = (StrokesGenerator.Side - 1) / 2f;

    /// <summary>Side of the digit's box in pixels before scaling.</summary>
    private const float BoxSide = 20f;

    private const float Tremble = 0.068f;

    /// <summary>Writes the segments of one digit and returns how many there are.</summary>
    public static int Write(int digit, ref KeyedStream random, Span<Segment> segments)
    {
        IReadOnlyList<StrokeTemplate> variants = StrokeTemplates.ByDigit[digit];
        StrokeTemplate template = variants[random.Below(variants.Count)];
        Affine map = Affine.Draw(ref random);
        Span<(float X, float Y)> points = stackalloc (float, float)[32];
        int count = 0;
        foreach (ControlPoint[] stroke in template.Strokes)
        {
            for (int i = 0; i < stroke.Length; i++)
            {
                float x = stroke[i].X - 0.5f + Tremble * random.Bell();
                float y = stroke[i].Y - 0.5f + Tremble * random.Bell();
                points[i] = map.Apply(x, y);
            }

            count = Trace(stroke, points, segments, count);
        }

        return count;
    }

    /// <summary>Follows one stroke: a quadratic Bézier curve per inner point, from midpoint to
    /// midpoint.</summary>
    private static int Trace(
        ControlPoint[] stroke, ReadOnlySpan<(float X, float Y)> points, Span<Segment> segments, int count)
    {
        int last = stroke.Length - 1;
        (float X, float Y) from = points[0];
        for (int i = 1; i < last; i++)
        {
            if (stroke[i].IsCorner)
            {
                segments[count++] = new Segment(from.X, from.Y, points[i].X, points[i].Y);
                from = points[i];
                continue;
            }

            bool runsOut = i + 1 == last || stroke[i + 1].IsCorner;
            (float X, float Y) to = runsOut ? points[i + 1] : Middle(points[i], points[i + 1]);
            count = Curve(from, points[i], to, segments, count);
            from = to;
        }

        // A stroke whose last inner point is a corner, or that has none, ends on a straight line.
        if (last == 1 || stroke[last - 1].IsCorner)
        {
            segments[count++] = new Segment(from.X, from.Y, points[last].X, points[last].Y);
        }

        return count;
    }

    private static int Curve(
        (float X, float Y) a, (float X, float Y) b, (float X, float Y) c, Span<Segment> segments, int count)
    {
        (float X, float Y) from = a;
        for (int piece = 1; piece <= PiecesPerCurve; piece++)
        {
            float t = piece / (float)PiecesPerCurve;
            float u = 1 - t;
            float wa = u * u, wb = 2 * u * t, wc = t * t;
            (float X, float Y) to = (wa * a.X + wb * b.X + wc * c.X, wa * a.Y + wb * b.Y + wc * c.Y);
            segments[count++] = new Segment(from.X, from.Y, to.X, to.Y);
            from = to;
        }

        return count;
    }

    private static (float X, float Y) Middle((float X, float Y) a, (float X, float Y) b)
        => ((a.X + b.X) * 0.5f, (a.Y + b.Y) * 0.5f);

    /// <summary>p ↦ M·p + centre + shift, in pixels.</summary>
    private readonly record struct Affine(float Xx, float Xy, float Yx, float Yy, float ShiftX, float ShiftY)
    {
        private const float HalfTurn = 0.16f;
        private const float Shear = 0.28f;
        private const float Shift = 2.0f;

        public static Affine Draw(ref KeyedStream random)
        {
            // With t the tangent of half the angle, cosine and sine are rational: no library function is
            // called whose last bit differs between machines.
            float t = random.Around(HalfTurn);
            float cosine = (1 - t * t) / (1 + t * t);
            float sine = 2 * t / (1 + t * t);
            float size = random.Between(0.78f, 1.08f) * BoxSide;
            float width = size * random.Between(0.72f, 1.06f);
            float shear = random.Around(Shear);
            return new Affine(
                cosine * width, (cosine * -shear - sine) * size,
                sine * width, (sine * -shear + cosine) * size,
                ImageCentre + random.Around(Shift), ImageCentre + random.Around(Shift));
        }

        public (float X, float Y) Apply(float x, float y)
            => (Xx * x + Xy * y + ShiftX, Yx * x + Yy * y + ShiftY);
    }
}

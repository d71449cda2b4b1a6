namespace DistTrain.Data.Strokes;

/// <summary>
/// Inks segments into an image, anti-aliased by distance: a pixel whose centre lies d from the nearest
/// segment is covered by clamp(radius + ½ − d, 0, 1). Only the pixels near a segment are looked at; all
/// others are further away than the ink reaches.
/// </summary>
internal static class StrokeRenderer
{
    /// <summary>A squared distance that no ink reaches.</summary>
    private const float Far = 1e9f;

    /// <summary>Adds ink of strength <paramref name="ink"/> (grey levels) where there is less.</summary>
    /// <param name="segments">Lines, in pixels.</param>
    /// <param name="radius">Half the line's thickness, in pixels.</param>
    /// <param name="ink">Grey levels at full coverage.</param>
    /// <param name="levels">[side × side] grey levels, row by row.</param>
    public static void Draw(ReadOnlySpan<Segment> segments, float radius, float ink, Span<float> levels)
    {
        const int side = StrokesGenerator.Side;
        Span<float> nearest = stackalloc float[side * side];
        nearest.Fill(Far);
        foreach (Segment segment in segments)
        {
            Approach(segment, radius + 0.5f, nearest);
        }

        for (int i = 0; i < nearest.Length; i++)
        {
            if (nearest[i] < Far)
            {
                float coverage = Math.Clamp(radius + 0.5f - MathF.Sqrt(nearest[i]), 0, 1);
                levels[i] = Math.Max(levels[i], coverage * ink);
            }
        }
    }

    /// <summary>Lowers the squared distances of the pixels within reach of one segment.</summary>
    private static void Approach(Segment s, float reach, Span<float> nearest)
    {
        const int side = StrokesGenerator.Side;
        int left = Bound(Math.Min(s.X0, s.X1) - reach), right = Bound(Math.Max(s.X0, s.X1) + reach + 1);
        int top = Bound(Math.Min(s.Y0, s.Y1) - reach), bottom = Bound(Math.Max(s.Y0, s.Y1) + reach + 1);
        float dx = s.X1 - s.X0, dy = s.Y1 - s.Y0;
        float lengthSquared = dx * dx + dy * dy;
        float inverse = lengthSquared > 0 ? 1 / lengthSquared : 0;
        for (int y = top; y < bottom; y++)
        {
            for (int x = left; x < right; x++)
            {
                float px = x - s.X0, py = y - s.Y0;
                float along = Math.Clamp((px * dx + py * dy) * inverse, 0, 1);
                float ex = px - along * dx, ey = py - along * dy;
                ref float best = ref nearest[y * side + x];
                best = Math.Min(best, ex * ex + ey * ey);
            }
        }
    }

    /// <summary>The first pixel at or after a coordinate, kept inside [0, side].</summary>
    private static int Bound(float coordinate)
        => (int)Math.Clamp(coordinate + 1, 0, StrokesGenerator.Side);
}

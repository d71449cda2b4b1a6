using System.Globalization;

namespace DistTrain.Data.Strokes;

/// <param name="X">Rightward, 0 to 1 across the digit's box.</param>
/// <param name="Y">Downward, 0 to 1 across the digit's box.</param>
/// <param name="IsCorner">The pen passes through this point and turns sharply; other points only pull the
/// line.</param>
internal readonly record struct ControlPoint(float X, float Y, bool IsCorner);

/// <summary>
/// One way to write a digit: strokes of control points. A stroke begins and ends on its outer points; in
/// between it is a uniform quadratic B-spline, which a hand's rounding resembles, broken at corners.
/// </summary>
internal sealed record StrokeTemplate(IReadOnlyList<ControlPoint[]> Strokes)
{
    /// <summary>
    /// Reads the notation of <see cref="StrokeTemplates"/>: "x y" pairs in hundredths of the box, "!" after a
    /// corner, "/" between strokes.
    /// </summary>
    public static StrokeTemplate Parse(string notation)
        => new([.. notation.Split('/').Select(ParseStroke)]);

    private static ControlPoint[] ParseStroke(string stroke)
    {
        string[] words = stroke.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var points = new ControlPoint[words.Length / 2];
        for (int i = 0; i < points.Length; i++)
        {
            string y = words[2 * i + 1];
            points[i] = new ControlPoint(
                Hundredths(words[2 * i]), Hundredths(y.TrimEnd('!')), y.EndsWith('!'));
        }

        return points;
    }

    private static float Hundredths(string word) => int.Parse(word, CultureInfo.InvariantCulture) / 100f;
}

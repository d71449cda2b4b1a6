namespace DistTrain.Runs.Charts;

/// <summary>A point; one that is not finite breaks the line.</summary>
internal readonly record struct Point(double X, double Y)
{
    public bool IsFinite => double.IsFinite(X) && double.IsFinite(Y);
}

/// <summary>One curve.</summary>
/// <param name="Name">For the legend.</param>
/// <param name="Style">CSS class that colours it.</param>
/// <param name="Points">From left to right.</param>
/// <param name="Dots">Whether each point is marked, with its value to be read by pointing at it.</param>
/// <param name="Describe">What pointing at a point says.</param>
internal sealed record Series(
    string Name, string Style, IReadOnlyList<Point> Points, bool Dots, Func<Point, string> Describe);

/// <summary>A vertical line that marks a place on the x axis.</summary>
/// <param name="X">The place.</param>
/// <param name="Label">What it marks.</param>
/// <param name="LabelBelow">Whether the label stands at the foot of the line, where curves that rise leave
/// room.</param>
public readonly record struct Marker(double X, string Label, bool LabelBelow);

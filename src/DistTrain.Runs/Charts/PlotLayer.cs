namespace DistTrain.Runs.Charts;

/// <summary>How the points of a layer are joined.</summary>
public enum PlotLine { None, Solid, Dashed }

/// <summary>How a point stands out from its fellows.</summary>
public enum PlotMark
{
    /// <summary>The layer's own shape, filled.</summary>
    Full,

    /// <summary>The shape's outline: a value to be taken with care.</summary>
    Hollow,

    /// <summary>A cross: a run that came to nothing.</summary>
    Cross,

    /// <summary>Nothing: the line alone passes through.</summary>
    None,
}

/// <summary>A point of a plot; one that is not finite breaks the line and is not marked.</summary>
/// <param name="X">In the axis's unit.</param>
/// <param name="Y">In the axis's unit.</param>
/// <param name="Text">What pointing at it says.</param>
/// <param name="Low">Lower end of its error bar; null: as far down as the plot goes, or none if both are
/// null.</param>
/// <param name="High">Upper end, likewise.</param>
/// <param name="Mark">How it looks.</param>
public readonly record struct PlotPoint(
    double X, double Y, string Text, double? Low = null, double? High = null, PlotMark Mark = PlotMark.Full);

/// <summary>One series of a plot: a line, marks, or both.</summary>
/// <param name="Name">For the legend; empty: not in the legend.</param>
/// <param name="Hue">Number of its colour and shape: class <c>h0</c>, <c>h1</c>, …; negative:
/// neutral.</param>
/// <param name="Line">Whether and how points are joined.</param>
/// <param name="Points">From left to right.</param>
public sealed record PlotLayer(string Name, int Hue, PlotLine Line, IReadOnlyList<PlotPoint> Points)
{
    /// <summary>Colours, and with four shapes as many pairs, before they repeat.</summary>
    public const int Hues = 8;

    /// <summary>The style sheet's class for its colour.</summary>
    public string Style => Hue < 0 ? "neutral" : "h" + Hue % Hues;
}

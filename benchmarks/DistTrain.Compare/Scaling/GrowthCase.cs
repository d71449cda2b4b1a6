namespace DistTrain.Compare.Scaling;

/// <summary>A model whose gradients cost nothing, over more and more worker nodes in one process.</summary>
/// <param name="Name">For --only.</param>
/// <param name="Text">For the table and the plot.</param>
/// <param name="Hidden">Width of the two hidden layers; 0: none.</param>
/// <param name="Style">Class of its curve.</param>
internal sealed record GrowthCase(string Name, string Text, int Hidden, string Style)
{
    public static IReadOnlyList<int> Workers { get; } = [1, 2, 4, 8, 16, 32, 64];

    public static IReadOnlyList<GrowthCase> All { get; } =
    [
        new("scaling:small", "52 parameters", 0, "first"),
        new("scaling:2MB", "531,364 parameters (2.1 MB)", 720, "second"),
    ];

    /// <summary>Steps timed: fewer where each moves more.</summary>
    public int StepsAt(int workers) => Hidden == 0 ? 200 : Math.Max(16, 256 / workers);
}

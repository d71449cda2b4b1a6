using DistTrain.Study.Fitting;

namespace DistTrain.Study.Findings;

/// <summary>
/// The generalisation gap against the batch for one rule: training accuracy less test accuracy (validation
/// where there is no test), or the losses the other way round.
/// </summary>
/// <param name="Name">As in the accuracy's lines.</param>
/// <param name="Points">By batch; those without a gap left out.</param>
/// <param name="Change">Gap of the largest batch less that of the smallest; null for one batch.</param>
public sealed record GapFindings(string Name, IReadOnlyList<Outcome> Points, Estimate? Change)
{
    internal static IReadOnlyList<GapFindings> Of(AccuracyFindings accuracy)
        => [.. accuracy.Lines.Select(line => Of(line.Name, [.. line.Points.Select(p => p.Outcome)
            .Where(o => o.IsSound && o.Gap is not null)])).Where(g => g.Points.Count > 0)];

    private static GapFindings Of(string name, Outcome[] points)
        => new(name, points, points.Length < 2 ? null : points[^1].Gap!.Less(points[0].Gap!));
}

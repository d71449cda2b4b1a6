using DistTrain.Core.Jobs;

namespace DistTrain.Study.Tuning.Spaces;

/// <summary>The fields that are searched. A point of it is a coordinate in [0, 1) for each.</summary>
/// <param name="Dimensions">In the order of the file; at least one.</param>
public sealed record SearchSpace(IReadOnlyList<Dimension> Dimensions)
{
    /// <summary>
    /// The values of a point, as JSON, in the order of the dimensions; null: it has no part there.
    /// </summary>
    public IReadOnlyList<string?> ValuesAt(IReadOnlyList<double> point)
    {
        ArgumentNullException.ThrowIfNull(point);
        string[] values = [.. Dimensions.Select((d, i) => d.ValueAt(point[i]))];
        return [.. Dimensions.Select((d, i) => Applies(d, values) ? values[i] : null)];
    }

    /// <summary>A point's values as the command line would give them.</summary>
    public IReadOnlyList<JobOverride> OverridesFor(IReadOnlyList<string?> values)
        => [.. Dimensions.Zip(values).Where(pair => pair.Second is not null)
            .Select(pair => new JobOverride(
                pair.First.Path, pair.Second!, $"{pair.First.Path}={pair.Second}"))];

    private bool Applies(Dimension dimension, string[] values)
        => dimension.When is not { } when || Dimensions.Select((d, i) => (d, i)).Any(
            pair => pair.d.Path == when.Path && values[pair.i] == when.Value);
}

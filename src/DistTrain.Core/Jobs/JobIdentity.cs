using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Jobs;

/// <summary>
/// Whether two jobs lead to the same bits. Names, workers, checkpoints and the places of files do not matter;
/// epochs matter only where the schedule looks at the end.
/// </summary>
public static class JobIdentity
{
    /// <summary>
    /// The fields that can lead to other weights and differ; none: one run can go on as the other.
    /// </summary>
    public static IReadOnlyList<JobDifference> Differences(JobSpec first, JobSpec second)
    {
        var (a, b) = (new SpecValues(JobFields.Table, first), new SpecValues(JobFields.Table, second));
        return
        [
            .. JobFields.Table.Fields
                .Where(f => f.ChangesBits(first) || f.ChangesBits(second))
                .Select(f => new JobDifference(f.Path, Show(f, a[f.Path]), Show(f, b[f.Path])))
                .Where(d => d.First != d.Second),
        ];
    }

    private static string? Show(Field<JobSpec> field, object? value)
        => value is null ? null : field.Type.Show(value);
}

/// <param name="Path">The field.</param>
/// <param name="First">Its value as JSON; null: it has none.</param>
/// <param name="Second">As well, in the other job.</param>
public sealed record JobDifference(string Path, string? First, string? Second)
{
    public override string ToString() => $"{Path}: {First ?? "nothing"} became {Second ?? "nothing"}";
}

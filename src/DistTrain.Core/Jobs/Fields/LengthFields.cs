namespace DistTrain.Core.Jobs.Fields;

/// <summary>Where training ends and looks besides the ends of epochs.</summary>
internal static class LengthFields
{
    private static readonly Section<JobSpec, JobSpec> Top =
        new("", "A training job.", job => job, (_, job) => job);

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Top.Field("maxSteps", new WholeType<long>(1, long.MaxValue),
            job => job.MaxSteps, (job, v) => job with { MaxSteps = v },
            "Training ends after this many steps if epochs last longer, wherever in an epoch that is; "
            + "schedules go by epochs all the same.") with
        { Unit = "steps", Optional = true, Flag = ("--max-steps", "N"), ChangesBits = _ => false },
        Top.Field("validateEverySteps", new WholeType<int>(1, int.MaxValue),
            job => job.ValidateEverySteps, (job, v) => job with { ValidateEverySteps = v },
            "Validate every N steps besides the ends of epochs. Plateau and early stopping look at epochs "
            + "alone.") with
        {
            Unit = "steps", Optional = true,
            // Only where a validation can end the run does it matter when it is taken.
            ChangesBits = job => job.Target is not null,
        },
    ];
}

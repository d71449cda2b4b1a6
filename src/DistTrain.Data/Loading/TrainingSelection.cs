using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sampling;

namespace DistTrain.Data.Loading;

/// <summary>Which training samples a job trains on and which it holds out, as indices of the whole
/// set.</summary>
/// <param name="Train">Ascending.</param>
/// <param name="Validation">Ascending; empty: none held out.</param>
internal sealed record TrainingSelection(int[] Train, int[] Validation)
{
    /// <summary>The first dataset.train samples, less those held out by the job's seed.</summary>
    /// <exception cref="UserFaultException">The set has too few samples for that.</exception>
    public static TrainingSelection Choose(DatasetSpec spec, long seed, int available)
    {
        List<string> problems = [];
        int count = spec.Train ?? available;
        if (count < 1 || count > available)
        {
            problems.Add($"dataset.train: is {count}; with {available} training samples in {spec.Name}"
                + $" it can be 1 to {available}");
        }

        if (spec.Validation < 0 || spec.Validation >= Math.Max(count, 1))
        {
            problems.Add($"dataset.validation: is {spec.Validation}; with {count} training samples"
                + $" it can be 0 to {Math.Max(count, 1) - 1}");
        }

        if (problems.Count > 0)
        {
            throw new UserFaultException(problems);
        }

        (int[] train, int[] validation) = ValidationSplit.Choose(seed, count, spec.Validation);
        return new TrainingSelection(train, validation);
    }
}

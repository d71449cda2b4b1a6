using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>The number that settings of one workload are compared by.</summary>
/// <param name="Name">For people, e.g. "validation accuracy".</param>
/// <param name="IsAccuracy">A share between 0 and 1, higher is better; else a loss, lower is better.</param>
/// <param name="OnTest">Whether it is taken on the test set, for want of a validation set.</param>
public sealed record Yardstick(string Name, bool IsAccuracy, bool OnTest)
{
    /// <summary>
    /// Accuracy before loss, validation before test: decisions rest on the validation set where there is one.
    /// </summary>
    public static Yardstick For(IReadOnlyList<StudyRun> runs)
    {
        Yardstick[] inOrder = [
            new("validation accuracy", true, false), new("test accuracy", true, true),
            new("validation loss", false, false), new("test loss", false, true)];
        return inOrder.FirstOrDefault(y => runs.Any(run => y.Of(run) is not null)) ?? inOrder[0];
    }

    /// <summary>The value at the run's end; null where it has none that is finite.</summary>
    public double? Of(StudyRun run)
    {
        var metrics = OnTest ? run.Test : run.Validation;
        return Finite(IsAccuracy ? metrics?.Accuracy : metrics?.Loss);
    }

    /// <summary>How much better a value is than another one: positive is better, whatever is
    /// measured.</summary>
    public double Gain(double difference) => IsAccuracy ? difference : -difference;

    /// <summary>
    /// Training against data never trained on: how much accuracy is lost, or loss gained, on the way. The
    /// test set comes first here, since nothing was chosen by it.
    /// </summary>
    public double? Gap(StudyRun run) => IsAccuracy
        ? Finite(run.Train?.Accuracy - (run.Test?.Accuracy ?? run.Validation?.Accuracy))
        : Finite((run.Test?.Loss ?? run.Validation?.Loss) - run.Train?.Loss);

    private static double? Finite(double? value) => value is { } v && double.IsFinite(v) ? v : null;
}

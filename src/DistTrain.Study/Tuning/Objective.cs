using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Study.Tuning;

/// <summary>What a search makes as good as it can: a metric at its best over a run's epochs.</summary>
/// <param name="Metric">An accuracy is to be high, a loss low.</param>
public sealed record Objective(StoppingMetric Metric)
{
    private static readonly (string Name, StoppingMetric Metric)[] Names =
    [
        ("validation-accuracy", StoppingMetric.ValidationAccuracy),
        ("validation-loss", StoppingMetric.ValidationLoss),
        ("train-accuracy", StoppingMetric.TrainAccuracy), ("train-loss", StoppingMetric.TrainLoss),
    ];

    public string Name => Names.First(n => n.Metric == Metric).Name;

    public bool IsAccuracy => Metric is StoppingMetric.ValidationAccuracy or StoppingMetric.TrainAccuracy;

    private bool IsOfValidation
        => Metric is StoppingMetric.ValidationAccuracy or StoppingMetric.ValidationLoss;

    /// <param name="text">As typed; null: the validation set's accuracy, or its loss in a regression.</param>
    /// <param name="job">Must have what the metric is taken on.</param>
    /// <exception cref="UserFaultException">There is no such metric, or the job cannot have it.</exception>
    public static Objective Parse(string? text, JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        text ??= job.Loss.Kind == LossKind.CrossEntropy ? "validation-accuracy" : "validation-loss";
        if (Array.FindIndex(Names, n => n.Name == text) is var at && at < 0)
        {
            string all = string.Join(", ", Names.Select(n => n.Name));
            throw new UserFaultException(
                $"--metric {text}: it is one of {all}{Spelling.Hint(text, Names.Select(n => n.Name))}");
        }

        var objective = new Objective(Names[at].Metric);
        objective.Check(job);
        return objective;
    }

    /// <exception cref="UserFaultException">The job cannot have this metric.</exception>
    public void Check(JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (IsOfValidation && job.Dataset.Validation == 0)
        {
            throw new UserFaultException(
                $"{Name} needs a validation set, and dataset.validation is 0; hold samples out, or choose "
                + "another --metric");
        }
        if (IsAccuracy && job.Loss.Kind != LossKind.CrossEntropy)
        {
            throw new UserFaultException($"{Name} needs classes; a regression has only a loss");
        }
    }

    /// <summary>The metric's value at an epoch's end; null: it has none.</summary>
    public double? Of(EpochMetrics epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        EvaluationMetrics? metrics = IsOfValidation ? epoch.Validation : epoch.Train;
        return IsAccuracy ? metrics?.Accuracy : metrics?.Loss;
    }

    /// <summary>What is to be low, whatever the metric; no number is as bad as can be.</summary>
    public double CostOf(double? value)
        => value is { } number && !double.IsNaN(number)
            ? IsAccuracy ? -number : number
            : double.PositiveInfinity;

    /// <summary>The value as people read it: 97.41 %, 0.0832.</summary>
    public string Show(double? value)
        => value is { } number ? IsAccuracy ? $"{100 * number:F2} %" : number.ToString("G4") : "–";
}

using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Study.Execution;

/// <summary>
/// What a run shows while it happens and its summary does not say: the best value of a metric, and how much
/// training lay before a given step. Steps told again, after a restart, replace what was told before; steps
/// left out by a far cluster are made up for by the mean of the others.
/// </summary>
/// <param name="metric">The metric whose best is kept.</param>
public sealed class RunTrace(StoppingMetric metric) : IRunObserver
{
    private readonly Lock _lock = new();
    private readonly List<(long Step, int Samples, double Seconds)> _steps = [];

    /// <summary>After the validation split; 0: the run has not begun.</summary>
    public int TrainingSamples { get; private set; }

    /// <summary>e.g. "libtorch 1.13.1 on cpu"; null: the run has not begun.</summary>
    public string? Engine { get; private set; }

    /// <summary>The metric's best value at any validation; null: none yet.</summary>
    public double? Best { get; private set; }

    public void OnStarted(RunStarted run)
    {
        TrainingSamples = run.TrainingSamples;
        Engine = run.Engine;
    }

    public void OnStep(StepMetrics step)
    {
        lock (_lock)
        {
            while (_steps.Count > 0 && _steps[^1].Step >= step.Step)
            {
                _steps.RemoveAt(_steps.Count - 1);
            }

            _steps.Add((step.Step, step.Samples, step.Elapsed.TotalSeconds));
        }
    }

    public void OnEpoch(EpochMetrics epoch) => Judge(epoch.Validation);

    public void OnValidation(ValidationPoint validation) => Judge(validation?.Metrics);

    /// <summary>Samples trained on in the first steps of the run, as often as they were.</summary>
    public long SamplesUntil(long step) => (long)Math.Round(SumUntil(step, seen => seen.Samples));

    /// <summary>Seconds of training, evaluation and saving left out, that the first steps took.</summary>
    public double SecondsUntil(long step) => SumUntil(step, seen => seen.Seconds);

    /// <summary>The value of a metric; null: it was not measured.</summary>
    public static double? ValueOf(StoppingMetric metric, EvaluationMetrics? measured)
        => metric == StoppingMetric.ValidationAccuracy ? measured?.Accuracy : measured?.Loss;

    /// <summary>Whether one value is better than another; what is not a number is worse than any.</summary>
    public static bool IsBetter(StoppingMetric metric, double value, double than)
        => !double.IsNaN(value) && (double.IsNaN(than)
            || (metric == StoppingMetric.ValidationAccuracy ? value > than : value < than));

    private void Judge(EvaluationMetrics? measured)
    {
        if (ValueOf(metric, measured) is { } value && (Best is not { } best || IsBetter(metric, value, best)))
        {
            Best = value;
        }
    }

    private double SumUntil(long step, Func<(long Step, int Samples, double Seconds), double> part)
    {
        lock (_lock)
        {
            double sum = 0;
            long count = 0;
            for (int i = 0; i < _steps.Count && _steps[i].Step < step; i++)
            {
                sum += part(_steps[i]);
                count++;
            }

            return count == 0 ? 0 : count == step ? sum : sum * step / count;
        }
    }
}

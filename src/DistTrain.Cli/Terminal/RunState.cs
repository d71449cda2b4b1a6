using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// What the live view remembers of a run. Taking in a step is a handful of additions, because a step itself
/// may take no longer than a third of a millisecond. Not thread-safe; times are those since the start of the
/// run.
/// </summary>
public sealed class RunState
{
    private readonly RunStarted _run;
    private readonly TrainingPlan _plan;
    private readonly long _firstStep;
    private readonly Smoothed _loss;
    private readonly Smoothed _accuracy;
    private readonly CurveHistory _train = new();
    private readonly List<CurvePoint> _validation = [];
    private readonly TrainingPace _pace = new(TimeSpan.FromSeconds(10));
    private IReadOnlyList<WorkerPace> _workers = [];
    private StepMetrics? _last;
    private long _samples;
    private string? _evaluating;
    private TimeSpan _evaluatingSince;
    private TimeSpan _evaluatedFor;
    private int _finishedEpochs;

    public RunState(RunStarted run)
    {
        ArgumentNullException.ThrowIfNull(run);
        _run = run;
        _plan = run.Plan;
        _firstStep = run.ResumedAt ?? 0;
        _finishedEpochs = _plan.WindowOf(_firstStep).Epoch - 1;
        double span = Math.Clamp(run.StepsPerEpoch / 10.0, 5, 50);
        _loss = new Smoothed(span);
        _accuracy = new Smoothed(span);
        _pace.Observe(TimeSpan.Zero, 0);
    }

    public void Step(StepMetrics step, TimeSpan now)
    {
        EndEvaluation(now);
        _last = step;
        _samples += step.Samples;
        _train.Add(step.Loss);
        _loss.Add(step.Loss);
        if (step.Accuracy is { } accuracy)
        {
            _accuracy.Add(accuracy);
        }
    }

    public void Workers(IReadOnlyList<WorkerPace> workers) => _workers = workers;

    public void Evaluating(string split, TimeSpan now)
    {
        EndEvaluation(now);
        // What was trained up to here, before the clock stops.
        _pace.Observe(TrainingTime(now), _samples);
        _evaluating = split;
        _evaluatingSince = now;
    }

    public void Epoch(EpochMetrics epoch, TimeSpan now)
    {
        EndEvaluation(now);
        _finishedEpochs = epoch.Epoch;
        if (epoch.Validation is { } validation && double.IsFinite(validation.Loss))
        {
            _validation.Add(new CurvePoint(epoch.Step - _firstStep, validation.Loss));
        }
    }

    public void Validation(ValidationPoint validation, TimeSpan now)
    {
        EndEvaluation(now);
        if (double.IsFinite(validation.Metrics.Loss))
        {
            _validation.Add(new CurvePoint(validation.Step - _firstStep, validation.Metrics.Loss));
        }
    }

    /// <summary>Where the run stands; observes the pace as a side effect.</summary>
    public RunSnapshot Snapshot(TimeSpan now)
    {
        _pace.Observe(TrainingTime(now), _samples);
        long step = _last is null ? _firstStep : _last.Step + 1;
        int epoch = _last?.Epoch ?? Math.Min(_finishedEpochs + 1, _plan.LastEpoch);
        BatchPhase phase = _plan.Batches.OfEpoch(epoch - 1);
        long inEpoch = Math.Clamp(step - _plan.Batches.StepsBefore(epoch - 1), 0, phase.StepsPerEpoch);
        long ahead = _plan.SamplesBefore(Math.Max(_plan.TotalSteps, step)) - _plan.SamplesBefore(step);
        TimeSpan evaluating = _evaluating is null ? TimeSpan.Zero : now - _evaluatingSince;
        return new RunSnapshot
        {
            Epoch = epoch,
            Epochs = Math.Max(_plan.LastEpoch, epoch),
            StepInEpoch = (int)inEpoch,
            StepsPerEpoch = phase.StepsPerEpoch,
            Batch = _plan.Batches.All.Count > 1 ? phase.GlobalBatch : null,
            Loss = _loss.Value,
            Accuracy = _accuracy.Value,
            LearningRate = _last?.LearningRate,
            Noise = _last is null ? null : RunText.Noise(_last, _run),
            SamplesPerSecond = _pace.SamplesPerSecond,
            Remaining = _pace.Remaining(ahead, EvaluationsAfter(step), evaluating),
            MayEndEarly = _run.Job.EarlyStopping is not null || _run.Job.Target is { Stop: true }
                || _run.Job.LearningRate.Scaling == ScalingRule.AdaScale,
            Evaluating = _evaluating,
            Workers = _workers,
            TrainCurve = _train.ToPoints(),
            ValidationCurve = [.. _validation],
        };
    }

    /// <summary>At the ends of epochs and between; one in progress included.</summary>
    private int EvaluationsAfter(long step)
    {
        if (_run.ValidationSamples == 0)
        {
            return 0;
        }

        long between = _run.Job.ValidateEverySteps is { } every
            ? Math.Max(_plan.TotalSteps - step, 0) / every
            : 0;
        return (int)Math.Min(between + Math.Max(_plan.LastEpoch - _finishedEpochs, 0), int.MaxValue);
    }

    private TimeSpan TrainingTime(TimeSpan now)
        => (_evaluating is null ? now : _evaluatingSince) - _evaluatedFor;

    private void EndEvaluation(TimeSpan now)
    {
        if (_evaluating is not null)
        {
            _pace.ObserveEvaluation(now - _evaluatingSince);
            _evaluatedFor += now - _evaluatingSince;
            _evaluating = null;
        }
    }
}

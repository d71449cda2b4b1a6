using System.Diagnostics.Metrics;
using DistTrain.Cluster.Coordinator;
using DistTrain.Core.Coordination;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Instruments;

/// <summary>
/// One run's metrics. They live on a meter of their own, which is disposed at the run's end: whoever listens
/// drops a meter's series with it, so that no job that is over leaves any behind.
/// Told from the run's mailbox alone; a step allocates nothing here and takes no lock.
/// </summary>
internal sealed class RunMeter : IRunWatch
{
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?> _job;
    private readonly StepInstruments _steps;
    private readonly WorkerInstruments _workers;
    private readonly Gauge<double> _loss;
    private readonly Gauge<double> _accuracy;
    private readonly Counter<long> _checkpoints;
    private readonly Histogram<double> _checkpointDuration;
    private readonly Histogram<double> _evaluationDuration;
    private readonly Action _ended;
    private long _evaluationBegan;

    /// <param name="meter">Of this run alone.</param>
    /// <param name="job">The label of all series.</param>
    /// <param name="time">The clock.</param>
    /// <param name="ended">Called at its end; disposes the meter.</param>
    public RunMeter(Meter meter, string job, TimeProvider time, Action ended)
    {
        (_time, _ended) = (time, ended);
        _job = new(Labels.Job, job);
        _steps = new StepInstruments(meter, _job);
        _workers = new WorkerInstruments(meter, _job);
        _loss = RunMetrics.Loss.Gauge(meter);
        _accuracy = RunMetrics.Accuracy.Gauge(meter);
        _checkpoints = RunMetrics.Checkpoints.Counter(meter);
        _checkpointDuration = RunMetrics.CheckpointDuration.Histogram(meter);
        _evaluationDuration = RunMetrics.EvaluationDuration.Histogram(meter);
        // From the start, so that the first failure is an increase.
        _checkpoints.Add(0, _job, Outcome(isWritten: true));
        _checkpoints.Add(0, _job, Outcome(isWritten: false));
    }

    public void OnStarted(RunStarted run) => _steps.TotalSteps = run.Plan.TotalSteps;

    public void OnStep(StepMetrics step)
    {
        _steps.Record(step);
        Judge("train", step.Loss, step.Accuracy);
        if (step.Times is { } times)
        {
            _workers.Record(times);
        }
    }

    public void OnWorkers(IReadOnlyList<WorkerPace> workers) => _workers.Record(workers);

    public void OnEvaluating(int epoch, string split) => _evaluationBegan = _time.GetTimestamp();

    public void OnValidation(ValidationPoint validation) => Validated(validation.Metrics);

    public void OnEpoch(EpochMetrics epoch) => Validated(epoch.Validation);

    public void OnCheckpoint(CheckpointMetrics checkpoint)
    {
        _checkpoints.Add(1, _job, Outcome(checkpoint.Error is null));
        _checkpointDuration.Record(checkpoint.Elapsed.TotalSeconds, _job);
    }

    public void Dispose() => _ended();

    /// <summary>An epoch's validation may have been taken before its end: then nothing began.</summary>
    private void Validated(EvaluationMetrics? metrics)
    {
        if (metrics is null)
        {
            return;
        }
        Judge("validation", metrics.Loss, metrics.Accuracy);
        if (_evaluationBegan != 0)
        {
            _evaluationDuration.Record(_time.GetElapsedTime(_evaluationBegan).TotalSeconds, _job);
            _evaluationBegan = 0;
        }
    }

    private void Judge(string split, double loss, double? accuracy)
    {
        var label = new KeyValuePair<string, object?>(Labels.Split, split);
        _loss.Record(loss, _job, label);
        if (accuracy is { } share)
        {
            _accuracy.Record(share, _job, label);
        }
    }

    private static KeyValuePair<string, object?> Outcome(bool isWritten)
        => new(Labels.Outcome, isWritten ? "written" : "failed");
}

using System.Diagnostics.Metrics;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Instruments;

/// <summary>What one step tells of itself.</summary>
internal sealed class StepInstruments
{
    private readonly KeyValuePair<string, object?> _job;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _phases;
    private readonly Counter<long> _steps;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _samples;
    private readonly Counter<long> _reassigned;
    private readonly Gauge<double> _learningRate;
    private readonly Gauge<double> _batchSize;
    private readonly Gauge<double> _noiseScale;
    private readonly Gauge<double> _gradientNorm;
    private readonly Gauge<double> _epoch;
    private readonly Gauge<double> _progress;

    public StepInstruments(Meter meter, KeyValuePair<string, object?> job)
    {
        _job = job;
        _duration = RunMetrics.StepDuration.Histogram(meter);
        _phases = RunMetrics.PhaseDuration.Histogram(meter);
        _steps = RunMetrics.Steps.Counter(meter);
        _skipped = RunMetrics.Skipped.Counter(meter);
        _samples = RunMetrics.Samples.Counter(meter);
        _reassigned = RunMetrics.Reassigned.Counter(meter);
        _learningRate = RunMetrics.LearningRate.Gauge(meter);
        _batchSize = RunMetrics.BatchSize.Gauge(meter);
        _noiseScale = RunMetrics.NoiseScale.Gauge(meter);
        _gradientNorm = RunMetrics.GradientNorm.Gauge(meter);
        _epoch = RunMetrics.Epoch.Gauge(meter);
        _progress = RunMetrics.Progress.Gauge(meter);
        foreach (Counter<long> counter in (Counter<long>[])[_steps, _skipped, _samples, _reassigned])
        {
            counter.Add(0, _job);
        }
    }

    /// <summary>Of all epochs together.</summary>
    public long TotalSteps { get; set; }

    public void Record(StepMetrics step)
    {
        _duration.Record(step.Elapsed.TotalSeconds, _job);
        _steps.Add(1, _job);
        _samples.Add(step.Samples, _job);
        if (step.Skipped)
        {
            _skipped.Add(1, _job);
        }
        if (step.Reassigned > 0)
        {
            _reassigned.Add(step.Reassigned, _job);
        }
        _learningRate.Record(step.LearningRate, _job);
        _batchSize.Record(step.Samples, _job);
        _gradientNorm.Record(step.GradientNorm, _job);
        _epoch.Record(step.Epoch, _job);
        _progress.Record(TotalSteps == 0 ? 0 : (double)(step.Step + 1) / TotalSteps, _job);
        if (step.Noise?.Scale is { } scale)
        {
            _noiseScale.Record(scale, _job);
        }
        if (step.Times is { } times)
        {
            RecordPhases(times);
        }
    }

    private void RecordPhases(StepTimes times)
    {
        _phases.Record(times.Computing.TotalSeconds, _job, new(Labels.Phase, "compute"));
        _phases.Record(times.Reducing.TotalSeconds, _job, new(Labels.Phase, "reduce"));
        _phases.Record(times.Updating.TotalSeconds, _job, new(Labels.Phase, "update"));
    }
}

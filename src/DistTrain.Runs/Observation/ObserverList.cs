using DistTrain.Core.Coordination;

namespace DistTrain.Runs.Observation;

/// <summary>Several observers as one.</summary>
public sealed class ObserverList(params IReadOnlyList<IRunObserver> observers) : IRunObserver
{
    public void OnStarted(RunStarted run) => Each(observer => observer.OnStarted(run));

    public void OnStep(StepMetrics step)
    {
        // The hot one: no closure.
        foreach (IRunObserver observer in observers)
        {
            observer.OnStep(step);
        }
    }

    public void OnEvaluating(int epoch, string split)
        => Each(observer => observer.OnEvaluating(epoch, split));

    public void OnEpoch(EpochMetrics epoch) => Each(observer => observer.OnEpoch(epoch));

    public void OnValidation(ValidationPoint validation)
        => Each(observer => observer.OnValidation(validation));

    public void OnWorkers(IReadOnlyList<WorkerPace> workers) => Each(observer => observer.OnWorkers(workers));

    public void OnCheckpoint(CheckpointMetrics checkpoint)
        => Each(observer => observer.OnCheckpoint(checkpoint));

    public void OnNotice(string text) => Each(observer => observer.OnNotice(text));

    private void Each(Action<IRunObserver> call)
    {
        foreach (IRunObserver observer in observers)
        {
            call(observer);
        }
    }
}

/// <summary>Adds up what was trained and how long it took, evaluation and saving left out.</summary>
public sealed class Throughput : IRunObserver
{
    private long _samples;
    private TimeSpan _elapsed;

    public double SamplesPerSecond => _elapsed > TimeSpan.Zero ? _samples / _elapsed.TotalSeconds : 0;

    public void OnStep(StepMetrics step)
    {
        _samples += step.Samples;
        _elapsed += step.Elapsed;
    }
}

using DistTrain.Api;
using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// How far a job is, for whoever asks: the last step, epoch and paces. Written from the run's mailbox, read
/// from anywhere.
/// </summary>
internal sealed class JobProgress : IRunObserver
{
    private volatile RunStarted? _started;
    private volatile StepMetrics? _step;
    private long _steps;
    private volatile IReadOnlyList<WorkerPace> _paces = [];

    /// <summary>The steps of the attempt under way.</summary>
    public StepTrace Trace { get; } = new();

    public void OnStarted(RunStarted run)
    {
        Trace.Clear();
        Volatile.Write(ref _steps, run.Plan.TotalSteps);
        _started = run;
    }

    public void OnStep(StepMetrics step)
    {
        _step = step;
        Trace.Add(step);
    }

    public void OnWorkers(IReadOnlyList<WorkerPace> workers) => _paces = workers;

    public WorkerPace? PaceOf(string worker) => _paces.FirstOrDefault(pace => pace.Worker == worker);

    /// <summary>The view with what is known of the run filled in.</summary>
    public JobView Fill(JobView view)
    {
        StepMetrics? step = _step;
        return view with
        {
            Epochs = _started?.Job.Epochs ?? view.Epochs,
            Steps = _started is null ? view.Steps : Volatile.Read(ref _steps),
            Epoch = step?.Epoch ?? view.Epoch,
            Step = step is null ? _started?.ResumedAt ?? view.Step : step.Step + 1,
            Loss = step?.Loss ?? view.Loss,
            Accuracy = step?.Accuracy ?? view.Accuracy,
            SamplesPerSecond = step is { Elapsed.TotalSeconds: > 0 }
                ? step.Samples / step.Elapsed.TotalSeconds
                : view.SamplesPerSecond,
        };
    }
}

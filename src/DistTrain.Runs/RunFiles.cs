using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.State;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.Observation;
using DistTrain.Runs.TensorBoard;
using DistTrain.Runs.Timeline;

namespace DistTrain.Runs;

/// <summary>A run's directory as the session sees it: checkpoints, metrics, events and timeline.</summary>
public sealed class RunFiles : IRunStorage, IDisposable
{
    private readonly CheckpointStore _checkpoints;
    private readonly string _jobJson;
    private readonly MetricsLog _metrics;
    private readonly TensorBoardWriter _events;
    private readonly RunObserver _observer;
    private readonly TimelineRecorder _timeline;

    /// <param name="directory">The run's own.</param>
    /// <param name="job">The effective job.</param>
    /// <param name="resumedAt">Progress a resumed run goes on from; null for a new run.</param>
    /// <param name="time">Dates the events.</param>
    /// <param name="notice">Is told what could not be written.</param>
    public RunFiles(
        RunDirectory directory, JobSpec job, TrainingProgress? resumedAt, TimeProvider time,
        Action<string> notice)
    {
        _checkpoints = new CheckpointStore(directory, job.Checkpoint);
        _jobJson = JobWriter.Write(job);
        _metrics = resumedAt is null
            ? MetricsLog.Create(directory.MetricsPath)
            : MetricsLog.OpenForResume(
                directory.MetricsPath, resumedAt.Step, resumedAt.CompletedEpochs,
                resumedAt.Validations.LastOrDefault()?.Step);
        _events = TensorBoardWriter.Create(
            directory.RootPath, time, Environment.MachineName, resumedAt?.Step);
        _observer = new RunObserver(_metrics, _events, notice);
        _timeline = new TimelineRecorder(
            () => resumedAt is null
                ? TimelineLog.Create(directory.TimelinePath) : TimelineLog.Open(directory.TimelinePath),
            time, notice);
        Observer = new ObserverList(
            _observer, _timeline, new StepTraces(job.Name, directory.Name, time));
    }

    public IRunObserver Observer { get; }

    public static CheckpointTensors TensorsOf(TrainingState state)
        => new(state.Layout, state.Parameters, [.. state.Optimizer.StateNames.Zip(state.OptimizerState)]);

    public void Save(TrainingProgress progress, TrainingState state, bool isBest)
    {
        _observer.Flush();
        long begin = _timeline.Now;
        _checkpoints.Save(progress, TensorsOf(state), _jobJson, isBest);
        _timeline.Saved(progress.Step, begin);
    }

    public void LoadBest(TrainingState state, int epoch) => _checkpoints.LoadBest(TensorsOf(state), epoch);

    /// <summary>The last line of the metrics; the timeline is on disk as well.</summary>
    public void Close(Summaries.RunSummary summary)
    {
        _metrics.Write(summary);
        _timeline.Close();
    }

    public void Dispose()
    {
        _metrics.Dispose();
        _events.Dispose();
        _timeline.Dispose();
    }
}

using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.State;
using DistTrain.Runs;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.Observation;
using DistTrain.Runs.Summaries;
using DistTrain.Runtime.Training;

namespace DistTrain.Study.Launching;

/// <summary>What a run on this machine is made from.</summary>
/// <param name="Job">The effective job.</param>
/// <param name="Dataset">Loaded for that job; it may be shared with other runs.</param>
/// <param name="Engine">Builds the replicas; one serves the whole process.</param>
/// <param name="Device">A <see cref="DeviceList"/>: workers take its devices in turn.</param>
public sealed record LocalRunParts(JobSpec Job, IDataset Dataset, IEngine Engine, string Device);

/// <summary>How a run on this machine ended.</summary>
/// <param name="Outcome">In the words of the coordinator's machine.</param>
/// <param name="Summary">In those of the result object.</param>
/// <param name="Written">False: the trained weights are not on disk.</param>
public sealed record LocalRunEnd(RunOutcome Outcome, RunSummary Summary, bool Written);

/// <summary>
/// A run on this machine and its tensors, from the job to the closed run directory, whoever watches it:
/// <c>disttrain train</c> with a terminal, a study with many of them side by side.
/// </summary>
public sealed class LocalRun : IDisposable
{
    private readonly LocalRunParts _parts;
    private readonly ModelPlan _model;
    private readonly TrainingState _state;
    private readonly bool _resumed;
    private readonly TrainingProgress _progress;

    private LocalRun(
        LocalRunParts parts, ModelPlan model, TrainingState state, bool resumed, TrainingProgress progress)
        => (_parts, _model, _state, _resumed, _progress) = (parts, model, state, resumed, progress);

    /// <summary>Plans the model and fills its tensors: with fresh values, or from a checkpoint.</summary>
    /// <param name="parts">What it is made from.</param>
    /// <param name="resumed">The run to go on with; null: a new one.</param>
    /// <param name="warn">Is told about checkpoints that were passed over.</param>
    /// <exception cref="UserFaultException">The model does not fit the data or the memory, or the run cannot
    /// be gone on with.</exception>
    public static LocalRun Prepare(LocalRunParts parts, RunDirectory? resumed, Action<string> warn)
    {
        IDataset dataset = parts.Dataset;
        parts.Engine.RequirePrecision(parts.Job.Precision, parts.Device);
        ModelPlan model = ModelPlanner.Plan(parts.Job.Model, dataset.Shape, Math.Max(dataset.Classes, 1));
        TrainingState state = StateOf(parts.Job, parts.Engine.LayoutOf(model));
        try
        {
            TrainingProgress progress = resumed is null
                ? Begin(parts, model, state)
                : GoOn(parts, state, resumed, warn);
            return new LocalRun(parts, model, state, resumed is not null, progress);
        }
        catch
        {
            state.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Workers to start on this machine: what the job allows, and no more than have a shard to compute.
    /// </summary>
    public static int WorkersOf(JobSpec job)
        => Math.Min(
            JobReader.StartingWorkers(job, job.Workers.Max), Math.Max(job.Batch.Shards, job.Workers.Min));

    /// <summary>Steps and epochs behind a resumed run, as its observer was told them then.</summary>
    /// <param name="directory">The run's own.</param>
    /// <param name="observer">Is told again.</param>
    public void Retell(RunDirectory directory, IRunObserver observer)
    {
        if (!_resumed || !File.Exists(directory.MetricsPath))
        {
            return;
        }

        IReadOnlyList<StepMetrics> steps = MetricsReader.ReadSteps(directory.MetricsPath, int.MaxValue);
        int next = 0;
        foreach (EpochMetrics epoch in _progress.History)
        {
            TellUpTo(epoch.Step);
            observer.OnEpoch(epoch);
        }

        TellUpTo(_progress.Step);

        void TellUpTo(long step)
        {
            for (; next < steps.Count && steps[next].Step < step; next++)
            {
                observer.OnStep(steps[next]);
            }
        }
    }

    /// <summary>
    /// Trains to the end, to early stopping, to failure, or until <paramref name="interrupt"/> fires, and
    /// leaves weights, summary and report behind.
    /// </summary>
    /// <param name="directory">The run's own; its job is stored.</param>
    /// <param name="watcher">Sees the run.</param>
    /// <param name="warn">Is told what could not be written at the end.</param>
    /// <param name="elapsed">Wall time since the run was asked for, asked at its end.</param>
    /// <param name="time">The clock.</param>
    /// <param name="interrupt">Ends the run early: it finishes the step and saves.</param>
    public async Task<LocalRunEnd> TrainAsync(
        RunDirectory directory, IRunObserver watcher, Action<string> warn, Func<TimeSpan> elapsed,
        TimeProvider time, CancellationToken interrupt)
    {
        JobSpec job = _parts.Job;
        var throughput = new Throughput();
        using var files = new RunFiles(
            directory, job, _resumed ? _progress : null, time, watcher.OnNotice);
        RunOutcome outcome = await TrainingSession.RunAsync(
            new SessionParts(
                job, _parts.Dataset, _model, _parts.Engine, _parts.Device, WorkersOf(job), _state, _progress,
                files, new ObserverList(watcher, files.Observer, throughput)),
            time, interrupt);
        var closing = new RunClosing(
            job, _parts.Dataset.Classes, directory, _state, outcome, throughput.SamplesPerSecond, elapsed());
        bool written = closing.Write(files, warn);
        return new LocalRunEnd(outcome, closing.Summary, written);
    }

    public void Dispose() => _state.Dispose();

    private static TrainingProgress Begin(LocalRunParts parts, ModelPlan model, TrainingState state)
    {
        if (!parts.Engine.TryReadInitialValues(model, parts.Job.Seed, state.Parameters))
        {
            Initialisation.Fill(state.Layout, parts.Job.Seed, state.Parameters);
        }

        return new TrainingProgress();
    }

    private static TrainingProgress GoOn(
        LocalRunParts parts, TrainingState state, RunDirectory resumed, Action<string> warn)
    {
        DataIdentity.Check(resumed, parts.Dataset.ContentHash);
        TrainingProgress saved = new CheckpointStore(resumed, parts.Job.Checkpoint)
            .LoadLatest(RunFiles.TensorsOf(state), warn).Progress;
        return new RunCourse(parts.Job, TrainingSession.PlanOf(parts.Job, parts.Dataset)).TakeUp(saved);
    }

    /// <summary>
    /// Asks first: memory that is promised but not there would end the program without a word.
    /// </summary>
    private static TrainingState StateOf(JobSpec job, ParameterLayout layout)
    {
        IOptimizer optimizer = OptimizerFactory.Create(job.Optimizer);
        int copies = 1 + optimizer.StateNames.Count + WorkersOf(job);
        double needed = (double)layout.TotalCount * sizeof(float) * copies;
        double present = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return needed <= present
            ? new TrainingState(layout, optimizer)
            : throw new UserFaultException(
                $"the model has {layout.ParameterCount:N0} parameters; {copies} copies of them (weights, "
                + $"gradients and optimizer) need {needed / 1e9:N1} GB of memory, and there are "
                + $"{present / 1e9:N1}");
    }
}

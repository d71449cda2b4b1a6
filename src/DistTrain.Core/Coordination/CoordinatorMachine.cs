using DistTrain.Core.Coordination.Timing;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The coordinator's decisions, one message at a time.
/// <code>
///  Waiting ─enough workers─► Stepping ─┐ step t becomes t+1 ◄─┐
///     ▲  └─────────────────────▲       └──────────────────────┤
///     │ too few workers        │    end of an epoch, or between▼
///     └────────────────────────┴─◄─ Saving ◄── judge ◄── Evaluating (validation)
///                                      │ training is over
///                                      ▼
///                                  Restoring ─► Evaluating (test) ─► Finished
/// </code>
/// Invariants: a step commits when every shard that holds samples is in, and only with gradients of its own
/// version; nothing but <see cref="ApplyUpdate"/> changes weights; progress counts a step once; what arrives
/// late, twice or for another version is dropped.
/// It survives a network that loses, doubles, delays and reorders: orders that stay unanswered are given
/// again on <see cref="RunTick"/>. A worker that leaves delivers what it owes first; one that is lost does
/// not. <see cref="RunCourse"/> knows what follows what and <see cref="StepRates"/> how large a step is;
/// <see cref="OpenStep"/>, <see cref="OpenEvaluation"/>, <see cref="EpochJudge"/> and
/// <see cref="RunEnding"/> know what each adds up to, and <see cref="Crew"/> who is here and owes what.
/// </summary>
public sealed class CoordinatorMachine
{
    private readonly JobSpec _job;
    private readonly TrainingPlan _plan;
    private readonly RunCourse _course;
    private readonly StepRates _rates;
    private readonly ReductionTree _tree;
    private readonly EpochJudge _judge;
    private readonly Crew _crew;
    private readonly EpochClock _clock = new();
    private readonly StepTimer _timer = new();
    private readonly RunEnding _ending;
    private TrainingProgress _progress;
    private Phase _phase = Phase.Waiting;
    private OpenStep? _step;
    private OpenEvaluation? _evaluation;
    private string? _stopReason;

    /// <param name="job">The effective job.</param>
    /// <param name="plan">Its arithmetic.</param>
    /// <param name="progress">Where to go on from.</param>
    /// <param name="initialWorkers">
    /// Workers the first step waits for; after that the job's minimum counts.
    /// </param>
    public CoordinatorMachine(JobSpec job, TrainingPlan plan, TrainingProgress progress, int initialWorkers)
    {
        _job = job;
        _crew = new Crew(plan, new Quorum(initialWorkers, job.Workers.Min));
        _plan = plan;
        _course = new RunCourse(job, plan);
        _progress = _course.TakeUp(progress);
        _rates = new StepRates(job, plan);
        _tree = new ReductionTree(plan.Shards);
        _judge = new EpochJudge(job, _course, plan.ValidationSamples > 0);
        _ending = new RunEnding(job);
    }

    private enum Phase { Waiting, Stepping, Evaluating, Saving, Restoring, Finished }

    public TrainingProgress Progress => _progress;

    /// <summary>Gradients the open step rests on; none between steps.</summary>
    public IReadOnlyList<GradientSource> Gradients => _step?.Gradients ?? [];

    public bool IsFinished => _phase == Phase.Finished;

    /// <summary>
    /// Version of the weights that are published: the step, or one more once the best weights were
    /// brought back.
    /// </summary>
    private long Version => _progress.Step + (_ending.Restored ? 1 : 0);

    private CourseWork Next => _course.Next(_progress);

    /// <summary>Handles one message; effects are appended in the order they are to be performed.</summary>
    /// <param name="message">Of the kinds in Messages.cs; others are dropped.</param>
    /// <param name="now">Time since any fixed moment; it never runs backwards.</param>
    /// <param name="effects">Receives what is to be done.</param>
    public void Handle(IMessage message, TimeSpan now, List<Effect> effects)
    {
        if (_phase == Phase.Finished)
        {
            return;
        }
        switch (message)
        {
            case WorkerJoined or WorkerLost or WorkerLeaving or RunTick:
                bool canFinish = _crew.Handle(message, now, effects);
                if (!canFinish || (_phase == Phase.Waiting && _crew.CanBegin))
                {
                    Proceed(now, effects);
                }
                break;
            case SubtreeReady or GradientsReduced or UpdateApplied when _phase == Phase.Stepping:
                _step!.Handle(message, _crew, now, effects);
                if (_step.At is OpenStep.Stage.Applied or OpenStep.Stage.Skipped)
                {
                    Commit(now, effects);
                }
                break;
            case ChunksEvaluated evaluated when _phase == Phase.Evaluating:
                _evaluation!.Handle(evaluated, _crew, now, effects);
                if (_evaluation.Work.IsComplete)
                {
                    CloseEvaluation(now, effects);
                }
                break;
            case CheckpointFinished saved when _phase == Phase.Saving:
                OnSaved(saved, now, effects);
                break;
            case BestRestored restored when _phase == Phase.Restoring:
                effects.Add(_ending.OnRestored(restored, _progress));
                Proceed(now, effects);
                break;
            case StopRequested stop:
                OnStopRequested(stop, effects);
                break;
            case WorkFailed failed when _crew.Contains(failed.Worker):
                End(RunStatus.Failed, $"{failed.Worker}: {failed.Error}", effects);
                break;
            default:
                break;
        }
    }

    /// <summary>Decides what comes next from progress alone; a resumed run enters here as well.</summary>
    private void Proceed(TimeSpan now, List<Effect> effects)
    {
        _phase = Phase.Waiting;
        CourseWork next = Next;
        if (_stopReason is { } reason)
        {
            Stop(reason, effects);
        }
        else if (next == CourseWork.End && _ending.WantsBest(_progress))
        {
            _phase = Phase.Restoring;
            effects.Add(new RestoreBest(_progress.EarlyStopping.BestEpoch));
        }
        else if (next == CourseWork.End && _plan.TestSamples == 0)
        {
            Complete(effects);
        }
        else if (next == CourseWork.CloseEpoch && _course.KnowsValidation(_progress, out var known))
        {
            CloseEpoch(known, now, effects);
        }
        else if (_crew.HasQuorum(effects))
        {
            Start(next, now, effects);
        }
    }

    private void Start(CourseWork work, TimeSpan now, List<Effect> effects)
    {
        if (work == CourseWork.Train)
        {
            _clock.BeginStep(now);
            _timer.Begin(now);
            _phase = Phase.Stepping;
            _step = new OpenStep(_job, _plan, _tree, _progress, _rates.Of(_progress), _timer);
            _crew.Begin(_step, now, effects);
            return;
        }
        _phase = Phase.Evaluating;
        _evaluation = new OpenEvaluation(
            _plan, work == CourseWork.End ? DataSplit.Test : DataSplit.Validation, Version);
        effects.Add(_evaluation.Announce(_progress));
        _crew.Begin(_evaluation, now, effects);
    }

    private void Commit(TimeSpan now, List<Effect> effects)
    {
        effects.Add(new ReportStep(_step!.Metrics(_clock, now)));
        _progress = _step.Advance();
        _crew.AfterStep(_progress.Step, now, effects);
        if (_step.At == OpenStep.Stage.Skipped)
        {
            effects.Add(new Notice(RunEnding.Skip(_progress, _step.HasOverflowed)));
        }
        if (_progress.ConsecutiveSkips >= _job.MaxSkippedSteps)
        {
            End(RunStatus.Failed, RunEnding.Divergence(_progress), effects);
            return;
        }
        SaveOrProceed(now, effects);
    }

    /// <summary>A checkpoint that is due comes after its weights' validation: none is taken twice.</summary>
    private void SaveOrProceed(TimeSpan now, List<Effect> effects)
    {
        if (_stopReason is null && _job.Checkpoint.EverySteps is { } every && _progress.Step % every == 0
            && Next == CourseWork.Train)
        {
            Save(isBest: false, effects);
        }
        else
        {
            Proceed(now, effects);
        }
    }

    private void CloseEvaluation(TimeSpan now, List<Effect> effects)
    {
        EvaluationMetrics metrics = _evaluation!.Metrics(_job.Loss.Kind);
        if (_evaluation.Split == DataSplit.Test)
        {
            _ending.Test = metrics;
            Complete(effects);
        }
        else if (Next == CourseWork.CloseEpoch)
        {
            CloseEpoch(metrics, now, effects);
        }
        else
        {
            _progress = _course.AfterValidation(_progress, metrics);
            effects.Add(new ReportValidation(_progress.Validations[^1]));
            SaveOrProceed(now, effects);
        }
    }

    private void CloseEpoch(EvaluationMetrics? validation, TimeSpan now, List<Effect> effects)
    {
        _progress = _judge.Judge(_progress, validation, _clock, now);
        EpochMetrics metrics = _progress.History[^1];
        effects.Add(new ReportEpoch(metrics));
        bool isDue = _progress.CompletedEpochs % _job.Checkpoint.EveryEpochs == 0;
        if (isDue || metrics.Improved || Next == CourseWork.End)
        {
            // A cut epoch may be gone on with: the best of the whole ones must then still be there.
            Save(metrics.Improved && _progress.CutEpoch is null, effects);
        }
        else
        {
            Proceed(now, effects);
        }
    }

    private void Save(bool isBest, List<Effect> effects)
    {
        _crew.EndWork();
        _phase = Phase.Saving;
        effects.Add(new SaveCheckpoint(_progress, isBest));
    }

    private void OnSaved(CheckpointFinished saved, TimeSpan now, List<Effect> effects)
    {
        if (saved.Error is not null)
        {
            effects.Add(new Notice(saved.Error));
        }
        if (_stopReason is { } reason)
        {
            End(RunStatus.Interrupted, saved.Error ?? reason, effects);
        }
        else
        {
            Proceed(now, effects);
        }
    }

    private void OnStopRequested(StopRequested stop, List<Effect> effects)
    {
        _stopReason ??= stop.Reason;
        // A step in flight is finished first; an evaluation can be taken up again, so it is not waited for.
        if (_phase is Phase.Waiting or Phase.Evaluating)
        {
            Stop(_stopReason, effects);
        }
    }

    /// <summary>
    /// Saves and ends. Once training is over the last checkpoint is on disk already, and the weights may be
    /// older ones that were brought back.
    /// </summary>
    private void Stop(string reason, List<Effect> effects)
    {
        if (Next != CourseWork.End)
        {
            Save(isBest: false, effects);
            return;
        }
        End(RunStatus.Interrupted, reason, effects);
    }

    private void Complete(List<Effect> effects)
        => End(RunEnding.StatusOf(_progress), _course.ReasonOf(_progress), effects);

    private void End(RunStatus status, string reason, List<Effect> effects)
    {
        _phase = Phase.Finished;
        _ending.Announce(status, reason, _progress, _crew, effects);
    }
}

using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The coordinator's decisions, one message at a time.
/// <code>
///  Waiting ─enough workers─► Computing ─all shards in─► Reducing ─► Applying ─┐ step t becomes t+1
///     ▲  └──────────────────────▲   ▲                      │ not finite: skip │
///     │ too few workers         │   └──────────────────────┴──────────────────┤
///     │                         │                              end of an epoch▼
///     └─────────────────────────┴──────◄── Saving ◄── judge ◄── Evaluating (validation)
///                                            │ last epoch, early stop
///                                            ▼
///                                        Restoring ─► Evaluating (test) ─► Finished
/// </code>
/// Invariants: a step commits when every shard that holds samples is in, and only with gradients of its own
/// version; nothing but <see cref="ApplyUpdate"/> changes weights; progress counts a step once; what arrives
/// late, twice or for another version is dropped.
/// The machine decides what follows what; <see cref="OpenStep"/>, <see cref="OpenEvaluation"/>,
/// <see cref="EpochJudge"/> and <see cref="RunEnding"/> know what each of them adds up to.
/// </summary>
public sealed class CoordinatorMachine
{
    private readonly JobSpec _job;
    private readonly TrainingPlan _plan;
    private readonly LearningRatePolicy _rates;
    private readonly ReductionTree _tree;
    private readonly EpochJudge _judge;
    private readonly WorkerRoster _roster = new();
    private readonly EpochClock _clock = new();
    private readonly RunEnding _ending;
    private int _quorum;
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
        _quorum = Math.Max(initialWorkers, job.Workers.Min);
        _plan = plan;
        _progress = progress;
        _rates = new LearningRatePolicy(job.LearningRate, plan.GlobalBatch, plan.StepsPerEpoch, plan.Epochs);
        _tree = new ReductionTree(plan.Shards);
        _judge = new EpochJudge(job, plan.ValidationSamples > 0);
        _ending = new RunEnding(job);
    }

    private enum Phase { Waiting, Computing, Reducing, Applying, Evaluating, Saving, Restoring, Finished }

    public TrainingProgress Progress => _progress;

    public bool IsFinished => _phase == Phase.Finished;

    /// <summary>
    /// Version of the weights that are published: the step, or one more once the best weights were
    /// brought back.
    /// </summary>
    private long Version => _progress.Step + (_ending.Restored ? 1 : 0);

    /// <summary>Handles one message; effects are appended in the order they are to be performed.</summary>
    /// <param name="message">Of the kinds in Messages.cs; others are dropped.</param>
    /// <param name="now">Time since any fixed moment; only differences are used, and only in metrics.</param>
    /// <param name="effects">Receives what is to be done.</param>
    public void Handle(IMessage message, TimeSpan now, List<Effect> effects)
    {
        if (_phase == Phase.Finished)
        {
            return;
        }
        switch (message)
        {
            case WorkerJoined joined:
                OnJoined(joined, now, effects);
                break;
            case WorkerLost lost:
                OnLost(lost, now, effects);
                break;
            case SubtreeReady ready:
                OnSubtree(ready, effects);
                break;
            case GradientsReduced reduced when _phase == Phase.Reducing && reduced.Step == _progress.Step:
                OnReduced(reduced, now, effects);
                break;
            case UpdateApplied applied when _phase == Phase.Applying && applied.Step == _progress.Step:
                Commit(skipped: false, now, effects);
                break;
            case ChunksEvaluated evaluated:
                OnEvaluated(evaluated, now, effects);
                break;
            case CheckpointFinished saved when _phase == Phase.Saving:
                OnSaved(saved, now, effects);
                break;
            case BestRestored restored when _phase == Phase.Restoring:
                OnRestored(restored, effects);
                break;
            case StopRequested stop:
                OnStopRequested(stop, effects);
                break;
            case WorkFailed failed:
                End(RunStatus.Failed, $"{failed.Worker}: {failed.Error}", effects);
                break;
            default:
                break;
        }
    }

    private void OnJoined(WorkerJoined joined, TimeSpan now, List<Effect> effects)
    {
        // A worker that comes in the middle of a step gets its part from the next one on.
        if (_roster.Add(joined.Worker, joined.Speed))
        {
            BeginIfEnough(now, effects);
        }
    }

    private void BeginIfEnough(TimeSpan now, List<Effect> effects)
    {
        if (_phase == Phase.Waiting && _roster.Count >= _quorum)
        {
            _quorum = _job.Workers.Min;
            Proceed(now, effects);
        }
    }

    private void OnLost(WorkerLost lost, TimeSpan now, List<Effect> effects)
    {
        if (!_roster.Remove(lost.Worker))
        {
            return;
        }
        effects.Add(new Notice($"{lost.Worker} is lost: {lost.Reason}"));
        if (_phase is not (Phase.Computing or Phase.Evaluating))
        {
            // One of those the first step waits for will not come.
            _quorum = Math.Max(_quorum - 1, _job.Workers.Min);
            BeginIfEnough(now, effects);
            return;
        }
        if (_roster.Count == 0)
        {
            // Nobody is left to finish it: the same step starts afresh when workers are back.
            Pause(effects);
            return;
        }
        WorkDivision work = _phase == Phase.Computing ? _step!.Work : _evaluation!.Work;
        work.Reassign(lost.Worker, _roster, effects);
    }

    private void Pause(List<Effect> effects)
    {
        _phase = Phase.Waiting;
        effects.Add(new Notice($"waiting for workers: {_roster.Count} here, {_job.Workers.Min} needed"));
    }

    /// <summary>Decides what comes next from progress alone; a resumed run enters here as well.</summary>
    private void Proceed(TimeSpan now, List<Effect> effects)
    {
        bool epochDone = _progress.Step == (long)(_progress.CompletedEpochs + 1) * _plan.StepsPerEpoch;
        if (_stopReason is not null)
        {
            Save(isBest: false, effects);
        }
        else if (_progress.StoppedEarly || _progress.CompletedEpochs >= _plan.Epochs)
        {
            Wind(effects);
        }
        else if (_roster.Count < _job.Workers.Min)
        {
            Pause(effects);
        }
        else if (!epochDone)
        {
            StartStep(now, effects);
        }
        else if (_plan.ValidationSamples > 0)
        {
            StartEvaluation(DataSplit.Validation, effects);
        }
        else
        {
            CloseEpoch(null, now, effects);
        }
    }

    private void StartStep(TimeSpan now, List<Effect> effects)
    {
        _clock.BeginStep(now);
        _phase = Phase.Computing;
        double rate = _rates.At(_progress.Step, _progress.Plateau);
        _step = new OpenStep(_job, _plan, _tree, _progress.Step, rate);
        _step.Work.Start(_roster, effects);
    }

    private void StartEvaluation(DataSplit split, List<Effect> effects)
    {
        _phase = Phase.Evaluating;
        // The validation set is looked at before its epoch counts as completed, the test set afterwards.
        int epoch = _progress.CompletedEpochs + (split == DataSplit.Validation ? 1 : 0);
        effects.Add(new ReportEvaluating(epoch, split));
        _evaluation = new OpenEvaluation(_plan, split, Version);
        _evaluation.Work.Start(_roster, effects);
    }

    private void OnSubtree(SubtreeReady ready, List<Effect> effects)
    {
        bool entered = _phase == Phase.Computing && _roster.Contains(ready.Worker) && _step!.Enter(ready);
        if (entered && _step!.Work.Ledger.IsComplete)
        {
            _phase = Phase.Reducing;
            effects.Add(_step.Reduction());
        }
    }

    private void OnReduced(GradientsReduced reduced, TimeSpan now, List<Effect> effects)
    {
        if (!_step!.TakeSum(reduced.SumNorm))
        {
            Commit(skipped: true, now, effects);
            return;
        }
        _phase = Phase.Applying;
        effects.Add(_step.Update(_progress.AppliedSteps + 1));
    }

    private void Commit(bool skipped, TimeSpan now, List<Effect> effects)
    {
        (double lossSum, long correct, long count) = _step!.Total;
        effects.Add(new ReportStep(_step.Metrics(skipped, _clock.EndStep(now, count))));
        _progress = _progress.AfterStep(lossSum, correct, count, skipped);
        if (skipped)
        {
            effects.Add(new Notice(
                $"step {_progress.Step - 1}: the gradient is not finite; "
                + "the update is skipped on all workers"));
        }
        if (_progress.ConsecutiveSkips >= _job.MaxSkippedSteps)
        {
            End(RunStatus.Failed, RunEnding.Divergence(_progress), effects);
        }
        else if (_stopReason is null && _job.Checkpoint.EverySteps is { } every && _progress.Step % every == 0
            && _progress.Step % _plan.StepsPerEpoch != 0)
        {
            Save(isBest: false, effects);
        }
        else
        {
            Proceed(now, effects);
        }
    }

    private void OnEvaluated(ChunksEvaluated evaluated, TimeSpan now, List<Effect> effects)
    {
        bool entered = _phase == Phase.Evaluating && _roster.Contains(evaluated.Worker)
            && _evaluation!.Enter(evaluated);
        if (!entered || !_evaluation!.Work.Ledger.IsComplete)
        {
            return;
        }
        EvaluationMetrics metrics = _evaluation.Metrics(_job.Loss.Kind);
        if (_evaluation.Split == DataSplit.Test)
        {
            _ending.Test = metrics;
            Complete(effects);
        }
        else
        {
            CloseEpoch(metrics, now, effects);
        }
    }

    private void CloseEpoch(EvaluationMetrics? validation, TimeSpan now, List<Effect> effects)
    {
        double samplesPerSecond = _clock.SamplesPerSecond;
        _progress = _judge.Judge(
            _progress, validation, _rates.At(_progress.Step - 1, _progress.Plateau), _clock.EndEpoch(now),
            samplesPerSecond);
        EpochMetrics metrics = _progress.History[^1];
        effects.Add(new ReportEpoch(metrics));
        bool last = _progress.StoppedEarly || _progress.CompletedEpochs >= _plan.Epochs;
        bool scheduled = last || _progress.CompletedEpochs % _job.Checkpoint.EveryEpochs == 0;
        if (scheduled || metrics.Improved)
        {
            Save(metrics.Improved, effects);
        }
        else
        {
            Proceed(now, effects);
        }
    }

    private void Save(bool isBest, List<Effect> effects)
    {
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

    /// <summary>
    /// Training is over: the best weights come back if the job wants them, then the test set.
    /// </summary>
    private void Wind(List<Effect> effects)
    {
        if (_ending.WantsBest(_progress))
        {
            _phase = Phase.Restoring;
            effects.Add(new RestoreBest());
        }
        else
        {
            EvaluateTest(effects);
        }
    }

    private void OnRestored(BestRestored restored, List<Effect> effects)
    {
        _ending.Restored = restored.Error is null;
        effects.Add(new Notice(
            restored.Error ?? $"the weights of epoch {_progress.EarlyStopping.BestEpoch} are back"));
        EvaluateTest(effects);
    }

    private void EvaluateTest(List<Effect> effects)
    {
        if (_plan.TestSamples == 0)
        {
            Complete(effects);
        }
        else
        {
            StartEvaluation(DataSplit.Test, effects);
        }
    }

    private void OnStopRequested(StopRequested stop, List<Effect> effects)
    {
        _stopReason ??= stop.Reason;
        // A step in flight is finished first; an evaluation can be taken up again, so it is not waited for.
        // Once training is over its last checkpoint is on disk already.
        if (_phase == Phase.Evaluating && _evaluation!.Split == DataSplit.Test)
        {
            End(RunStatus.Interrupted, stop.Reason, effects);
        }
        else if (_phase is Phase.Waiting or Phase.Evaluating)
        {
            Save(isBest: false, effects);
        }
    }

    private void Complete(List<Effect> effects)
        => End(RunEnding.StatusOf(_progress), _ending.ReasonOf(_progress), effects);

    private void End(RunStatus status, string reason, List<Effect> effects)
    {
        _phase = Phase.Finished;
        foreach (ActorId worker in _roster.Workers)
        {
            effects.Add(new Send(worker, new TrainingEnded(status, reason)));
        }
        effects.Add(new Finish(_ending.Outcome(status, reason, _progress)));
    }
}

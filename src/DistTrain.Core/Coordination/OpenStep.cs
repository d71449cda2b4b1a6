using DistTrain.Core.Coordination.LossScaling;
using DistTrain.Core.Coordination.Noise;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Core.Hosting;
using DistTrain.Core.Jobs;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The step in hand: who computes which shards, which subtrees are in, and which update their sum gives.
/// <code>
///   Computing ─all shards in─► Reducing ─finite─► Applying ──► Applied
///                                  └─not finite──► Skipped
/// </code>
/// </summary>
/// <param name="job">The effective job.</param>
/// <param name="plan">Its arithmetic.</param>
/// <param name="tree">The canonical tree over its shards.</param>
/// <param name="progress">
/// Where the step begins: its gradients are computed on weights of that version.
/// </param>
/// <param name="rate">η of the step and what it counts for.</param>
/// <param name="timer">Begun with the step.</param>
internal sealed class OpenStep(
    JobSpec job, TrainingPlan plan, ReductionTree tree, TrainingProgress progress, StepRate rate,
    StepTimer timer)
{
    private readonly GradientCollector _gradients = new(tree);
    private readonly LossScaleState? _lossScale = LossScalePolicy.Of(job, progress);
    private readonly long _step = progress.Step;
    private double _gradientNorm;
    private NoiseScaleState _noiseScale = progress.NoiseScale;
    private GradientNoise? _noise;

    public enum Stage { Computing, Reducing, Applying, Applied, Skipped }

    public Stage At { get; private set; }

    /// <summary>What it rests on, until it has been applied or skipped.</summary>
    public IReadOnlyList<GradientSource> Gradients
        => At is Stage.Applied or Stage.Skipped ? [] : _gradients.Sources;

    public WorkDivision Work { get; } = new(
        plan.Shards, range => plan.SamplesOf(progress.Step, range).Count,
        range => new ComputeGradients(progress.Step, range)
        {
            LossFactor = LossScalePolicy.FactorOf(job, progress),
        },
        worker => worker.Pace);

    /// <summary>Whether it has as many samples as any: the time of a short one says little.</summary>
    public bool IsFull => plan.WindowOf(_step).Count == plan.FullBatchOf(_step);

    /// <summary>Skipped, but perhaps for the scale of its loss alone.</summary>
    public bool HasOverflowed
        => At == Stage.Skipped && LossScalePolicy.IsOverflow(_lossScale, Work.Total.LossSum);

    /// <summary>Handles a message about gradients; what does not belong to this step is dropped.</summary>
    public void Handle(IMessage message, Crew crew, TimeSpan now, List<Effect> effects)
    {
        switch (message)
        {
            case SubtreeReady ready when At == Stage.Computing && crew.Heard(ready.Worker, now) is { } worker:
                OnSubtree(worker, ready, now, effects);
                crew.ReleaseIdle(effects);
                break;
            case GradientsReduced reduced when At == Stage.Reducing && reduced.Step == _step:
                timer.Reduced(now);
                OnReduced(reduced.SumNorm, effects);
                break;
            case UpdateApplied applied when At == Stage.Applying && applied.Step == _step:
                At = Stage.Applied;
                break;
            default:
                break;
        }
    }

    /// <summary>Progress once it has been applied or skipped.</summary>
    public TrainingProgress Advance()
    {
        (double lossSum, long correct, long count) = Work.Total;
        return progress.AfterStep(
            lossSum, correct, count, At == Stage.Skipped, HasOverflowed, rate) with
        {
            NoiseScale = _noiseScale,
            LossScale = LossScalePolicy.After(job, _lossScale, At == Stage.Skipped),
        };
    }

    public StepMetrics Metrics(EpochClock clock, TimeSpan now)
    {
        (double lossSum, long correct, long count) = Work.Total;
        EvaluationMetrics mean = EpochJudge.Mean(lossSum, correct, count, job.Loss.Kind);
        return new StepMetrics(
            _step, plan.WindowOf(_step).Epoch, mean.Loss, mean.Accuracy, rate.LearningRate, (int)count,
            _gradientNorm, At == Stage.Skipped, clock.EndStep(now, count))
        {
            LossScale = _lossScale?.Scale,
            Reassigned = Work.Reassigned,
            Noise = _noiseScale.Steps == 0
                ? null
                : new NoiseEstimate(
                    _noise?.Trace, _noise?.Square, _noiseScale.SmoothedScale(), _noiseScale.Steps),
            Times = timer.End(now),
        };
    }

    /// <summary>
    /// A subtree that is of another step, no node of the tree, or covered already is dropped.
    /// </summary>
    private void OnSubtree(RosterEntry worker, SubtreeReady ready, TimeSpan now, List<Effect> effects)
    {
        if (ready.Step != _step || ready.Shards.Count != ready.Node.Count
            || !_gradients.Add(new GradientSource(ready.Node, ready.Worker, ready.Buffer)))
        {
            return;
        }
        Work.Enter(worker, ready.Node, ready.Shards, now);
        timer.Delivered(worker.Id.Name, worker.AskedAt, ready, now);
        if (Work.IsComplete)
        {
            timer.Computed(now);
            At = Stage.Reducing;
            effects.Add(new ReduceGradients(_step, _gradients.Sources));
        }
    }

    /// <summary>Where norm or loss is not finite, no update follows.</summary>
    private void OnReduced(double sumNorm, List<Effect> effects)
    {
        (double lossSum, _, long count) = Work.Total;
        _gradientNorm = sumNorm / count;
        if (!double.IsFinite(_gradientNorm) || !double.IsFinite(lossSum))
        {
            At = Stage.Skipped;
            return;
        }
        ObserveNoise(sumNorm, count);
        At = Stage.Applying;
        double clipFactor = GradientNorm.ClipFactor(job.ClipNorm, _gradientNorm);
        effects.Add(new ApplyUpdate(
            _step, rate.LearningRate, 1.0 / count, clipFactor, progress.AppliedSteps + 1));
    }

    /// <summary>A step that is skipped gives no estimate: what it shows is no noise.</summary>
    private void ObserveNoise(double sumNorm, long count)
    {
        if (!NoiseSampling.Takes(_step))
        {
            return;
        }
        (double squaresPerSample, int shards) = Work.Squares;
        _noise = GradientNoise.Of(squaresPerSample, shards, sumNorm, count);
        if (_noise is { } noise)
        {
            _noiseScale = progress.NoiseScale.After(noise, NoiseSampling.StrideOf(_step));
        }
    }
}

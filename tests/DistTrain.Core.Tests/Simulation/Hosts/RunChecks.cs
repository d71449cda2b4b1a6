using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Sharding;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>What must hold of every run, at the very event at which it could be broken.</summary>
internal static class RunChecks
{
    public static void IsReference(World world, SimJob job, long version, float[] weights, string what)
        => world.Demand(
            job.WeightsOf(version) is { } expected && TinyModel.SameBits(weights, expected),
            $"{what} of version {version} has other bits than the reference");

    /// <summary>A gradient is the canonical sum over its node on weights of the version it names.</summary>
    public static void IsOfItsVersion(World world, SimJob job, GradientPayload payload)
    {
        SubtreeReady ready = payload.Ready;
        float[]? expected = TinyModel.Sum(
            job.Plan, ready.Step, ready.Node, job.WeightsOf(ready.Step)!, job.LossFactorOf(ready.Step));
        world.Demand(
            expected is not null && TinyModel.SameBits(payload.Gradient, expected),
            $"{ready.Worker} delivers for {ready.Node} of step {ready.Step} what is not its gradient");
    }

    /// <summary>Every shard with samples is in the sum exactly once.</summary>
    public static void IsWhole(World world, TrainingPlan plan, ReduceGradients reduce, RunId run)
    {
        for (int shard = 0; shard < plan.Shards; shard++)
        {
            int times = reduce.Sources.Count(source => source.Node.Contains(shard));
            bool isNeeded = plan.SamplesOf(reduce.Step, shard).Count > 0;
            world.Demand(
                times == 1 || (times == 0 && !isNeeded),
                $"{run}: shard {shard} of step {reduce.Step} is summed {times} times");
        }
    }

    public static void IsCommittedAfter(World world, long now, long committed, RunId run)
        => world.Demand(now == committed + 1, $"{run}: step {committed} commits to version {now}");

    /// <summary>A run goes on from the last durable checkpoint, never from before it.</summary>
    public static void Resumes(World world, RunId run, SimJob job, Checkpoint checkpoint, long durable)
    {
        long step = checkpoint.Progress.Step;
        world.Demand(step >= durable, $"{run} goes on from step {step}, and {durable} was on disk");
        IsReference(world, job, step, checkpoint.Weights, $"{run}: what it resumes from");
    }

    /// <summary>A step's weights are validated before the next gradients are ordered on them.</summary>
    public static void IsValidated(World world, SimJob job, ComputeGradients order, TrainingProgress progress)
        => world.Demand(
            !job.Course.Between.Contains(order.Step)
            || progress.Validations.Any(point => point.Step == order.Step),
            $"step {order.Step} is ordered before its weights were validated");

    /// <param name="isRestored">The best weights are back; otherwise they were not on disk.</param>
    public static void Finished(
        World world, SimJob job, RunOutcome outcome, float[] weights, bool isRestored, RunId run)
    {
        world.Demand(outcome.Status != RunStatus.Failed, $"{run} failed: {outcome.Reason}");
        if (outcome.Status == RunStatus.Interrupted)
        {
            return;
        }
        world.Demand(outcome.Progress.Step == job.EndStep, $"{run} ends at step {outcome.Progress.Step}");
        long version = job.EndStep + (isRestored ? 1 : 0);
        IsReference(world, job, version, weights, $"{run}: its result");
        TrainingProgress progress = outcome.Progress;
        world.Demand(
            progress.History.Select(epoch => epoch.Step).SequenceEqual(job.Course.EpochEnds)
            && progress.Validations.Select(point => point.Step).SequenceEqual(job.Course.Between),
            $"{run}: epochs {string.Join(',', progress.History.Select(epoch => epoch.Step))}, validations "
                + string.Join(',', progress.Validations.Select(point => point.Step)));
        world.Demand(
            progress.Target == job.Course.Target, $"{run}: its target is reached at {progress.Target}");
        foreach (ValidationPoint point in progress.Validations)
        {
            IsEvaluated(world, job, point.Metrics, DataSplit.Validation, point.Step, run);
        }
        foreach (EpochMetrics epoch in progress.History)
        {
            IsEvaluated(world, job, epoch.Validation, DataSplit.Validation, epoch.Step, run);
        }
        IsEvaluated(world, job, outcome.Test, DataSplit.Test, version, run);
    }

    private static void IsEvaluated(
        World world, SimJob job, EvaluationMetrics? metrics, DataSplit split, long version, RunId run)
    {
        int samples = job.Plan.SamplesIn(split);
        world.Demand(
            metrics is null ? samples == 0
                : metrics.Samples == samples && metrics.Loss == job.LossOn(split, job.WeightsOf(version)!),
            $"{run}: the {split} metrics of version {version} are {metrics}");
    }
}

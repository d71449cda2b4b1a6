using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Sharding;
using DistTrain.Core.Tests.Simulation.Virtual;
using DistTrain.Core.Tests.Simulation.Model;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>What must hold of every run, at the very event at which it could be broken.</summary>
internal static class RunChecks
{
    public static void IsReference(World world, SimJob job, long version, float[] weights, string what)
        => world.Demand(
            version < job.Versions.Count && TinyModel.SameBits(weights, job.Versions[(int)version]),
            $"{what} of version {version} has other bits than the reference");

    /// <summary>A gradient is the canonical sum over its node on weights of the version it names.</summary>
    public static void IsOfItsVersion(World world, SimJob job, GradientPayload payload)
    {
        SubtreeReady ready = payload.Ready;
        float[]? expected = TinyModel.Sum(job.Plan, ready.Step, ready.Node, job.Versions[(int)ready.Step]);
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

    public static void Finished(World world, SimJob job, RunOutcome outcome, float[] weights, RunId run)
    {
        world.Demand(outcome.Status != RunStatus.Failed, $"{run} failed: {outcome.Reason}");
        if (outcome.Status != RunStatus.Completed)
        {
            return;
        }
        TrainingPlan plan = job.Plan;
        world.Demand(outcome.Progress.Step == plan.TotalSteps, $"{run} ends at step {outcome.Progress.Step}");
        IsReference(world, job, plan.TotalSteps, weights, $"{run}: its result");
        foreach (EpochMetrics epoch in outcome.Progress.History)
        {
            IsEvaluated(world, job, epoch.Validation, DataSplit.Validation, epoch.Step, run);
        }
        IsEvaluated(world, job, outcome.Test, DataSplit.Test, plan.TotalSteps, run);
    }

    private static void IsEvaluated(
        World world, SimJob job, EvaluationMetrics? metrics, DataSplit split, long version, RunId run)
    {
        int samples = job.Plan.SamplesIn(split);
        double sum = 0;
        for (int chunk = 0; chunk < job.Plan.ChunksOf(split); chunk++)
        {
            sum += TinyModel.ResultOf(
                job.Versions[(int)version], job.Plan.SamplesOf(split, chunk)).LossSum;
        }
        world.Demand(
            metrics is null ? samples == 0 : metrics.Samples == samples && metrics.Loss == sum / samples,
            $"{run}: the {split} metrics of version {version} are {metrics}");
    }
}

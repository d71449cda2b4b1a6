using System.Runtime.InteropServices;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sampling;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Tests.Simulation.Model;

/// <summary>
/// A "model" of three floats whose gradients round: a sum in another order, a shard twice or not at all, or
/// weights of another version show in the bits.
/// </summary>
internal static class TinyModel
{
    public static float[] InitialWeights => [0.1f, -0.7f, 1.3f];

    public static float[] Gradient(long step, int shard, float[] weights)
    {
        ulong key = KeyedRandom.Key((ulong)step, (ulong)shard);
        float[] gradient = new float[weights.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = weights[i] * 0.3f + KeyedRandom.Uniform(key, (ulong)i) - 0.5f;
        }
        return gradient;
    }

    /// <summary>Loss and samples of a shard; the loss follows from the weights.</summary>
    public static ShardResult ResultOf(float[] weights, int samples) => new(weights[0] * samples, 0, samples);

    public static void Add(float[] into, float[] from)
    {
        for (int i = 0; i < into.Length; i++)
        {
            into[i] += from[i];
        }
    }

    public static void Update(float[] weights, float[] sum, double learningRate, double meanScale)
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] -= (float)learningRate * (sum[i] * (float)meanScale);
        }
    }

    /// <summary>The canonical sum of a node; null when it holds no samples.</summary>
    public static float[]? Sum(TrainingPlan plan, long step, ShardRange node, float[] weights)
    {
        if (node.Count == 1)
        {
            return plan.SamplesOf(step, node.Start).Count > 0 ? Gradient(step, node.Start, weights) : null;
        }
        int middle = node.Start + (node.Count + 1) / 2;
        return Both(
            Sum(plan, step, new ShardRange(node.Start, middle), weights),
            Sum(plan, step, new ShardRange(middle, node.End), weights));
    }

    public static float[]? Both(float[]? left, float[]? right)
    {
        if (left is null || right is null)
        {
            return left ?? right;
        }
        float[] sum = [.. left];
        Add(sum, right);
        return sum;
    }

    /// <summary>The weights of every version, one thread, one loop.</summary>
    public static List<float[]> Train(JobSpec job, TrainingPlan plan, long? notFiniteAt)
    {
        List<float[]> versions = [InitialWeights];
        for (long step = 0; step < plan.TotalSteps; step++)
        {
            float[] weights = [.. versions[^1]];
            float[] sum = Sum(plan, step, new ShardRange(0, plan.Shards), weights)!;
            if (step != notFiniteAt)
            {
                Update(weights, sum, job.LearningRate.Base, 1.0 / plan.WindowOf(step).Count);
            }
            versions.Add(weights);
        }
        return versions;
    }

    public static bool SameBits(float[] a, float[] b)
        => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}

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

    /// <summary>Scaled gradients beyond this become infinite, as float16's do beyond 65504.</summary>
    public const float Largest = 1;

    public static float[] Gradient(long step, int shard, float[] weights, double lossFactor)
    {
        ulong key = KeyedRandom.Key((ulong)step, (ulong)shard);
        float[] gradient = new float[weights.Length];
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] = weights[i] * 0.3f + KeyedRandom.Uniform(key, (ulong)i) - 0.5f;
            if (lossFactor != 1 && Math.Abs(gradient[i] * lossFactor) > Largest)
            {
                gradient[i] = float.PositiveInfinity;
            }
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
    public static float[]? Sum(
        TrainingPlan plan, long step, ShardRange node, float[] weights, double lossFactor)
    {
        if (node.Count == 1)
        {
            return plan.SamplesOf(step, node.Start).Count > 0
                ? Gradient(step, node.Start, weights, lossFactor) : null;
        }
        int middle = node.Start + (node.Count + 1) / 2;
        return Both(
            Sum(plan, step, new ShardRange(node.Start, middle), weights, lossFactor),
            Sum(plan, step, new ShardRange(middle, node.End), weights, lossFactor));
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

    /// <summary>
    /// The weights of every version, one thread, one loop; and the factor of a sample's loss in every step.
    /// </summary>
    public static List<float[]> Train(
        JobSpec job, TrainingPlan plan, long? notFiniteAt, List<double> lossFactors)
    {
        List<float[]> versions = [InitialWeights];
        var scaler = new NaiveScaler(job);
        for (long step = 0; step < plan.TotalSteps; step++)
        {
            float[] weights = [.. versions[^1]];
            lossFactors.Add(scaler.Factor);
            float[] sum = Sum(plan, step, new ShardRange(0, plan.Shards), weights, scaler.Factor)!;
            bool skipped = step == notFiniteAt || sum.Any(x => !float.IsFinite(x));
            if (!skipped)
            {
                Update(weights, sum, job.LearningRate.Base, 1.0 / plan.WindowOf(step).Count);
            }
            scaler.After(skipped);
            versions.Add(weights);
        }
        return versions;
    }

    public static bool SameBits(float[] a, float[] b)
        => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));
}

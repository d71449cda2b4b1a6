using DistTrain.Api;
using DistTrain.Core.Coordination;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Page.Tests.Harness;

/// <summary>Runs of the cluster in memory: what was done before anybody looked, and after.</summary>
internal static class FakeRuns
{
    public const int Batch = 256;

    /// <summary>A job with so many steps behind it.</summary>
    public static FakeJob AddWithSteps(this FakeCluster cluster, string id, int steps)
    {
        FakeJob job = cluster.Add(id);
        job.Steps.AddRange(Enumerable.Range(0, steps).Select(step => Step(step)));
        job.View = job.View with { Step = steps, Steps = 4 * steps, Epochs = 8, Reason = null };
        return job;
    }

    public static JobEvent StepEvent(long step) => new(0, default) { Step = Step(step) };

    /// <summary>A loss that falls, with noise on it that is the same each time.</summary>
    public static StepMetrics Step(long step, double? scale = 1_000) => new(
        step, Epoch: 1, Loss: 2 / (1 + step / 500.0) + 0.1 * Math.Sin(step * 12.9898), Accuracy: 0.5,
        LearningRate: 0.01, Samples: Batch, GradientNorm: 1, Skipped: false,
        Elapsed: TimeSpan.FromMilliseconds(5))
    {
        Noise = new NoiseEstimate(1, 1, scale, Estimates: 100),
    };
}

using System.Collections.Concurrent;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.Tests.Coordination;

namespace DistTrain.Core.Tests.Simulation.Model;

/// <summary>
/// A job small enough to be trained thousands of times, and what comes of it without any cluster.
/// </summary>
internal sealed class SimJob
{
    private static readonly ConcurrentDictionary<int, SimJob> Shapes = new();

    private SimJob(int shape)
    {
        int shards = 1 + shape % 7;
        int batch = shards * (1 + shape % 3) + shape % 2;
        Spec = TestJobs.Job(
            batch, shards, epochs: 1 + shape % 2,
            checkpoint: new CheckpointSpec(1, shape % 4 == 0 ? null : 1 + shape % 3, 3));
        Plan = TestJobs.Plan(
            Spec, train: batch * (3 + shape % 4) + shape % batch,
            validation: shape % 3 == 0 ? TrainingPlan.EvaluationChunk + 100 : 0,
            test: shape % 5 == 0 ? 700 : 0);
        NotFiniteAt = shape % 4 == 1 ? shape % Plan.TotalSteps : null;
        Versions = TinyModel.Train(Spec, Plan, NotFiniteAt);
    }

    public JobSpec Spec { get; }

    public TrainingPlan Plan { get; }

    /// <summary>The step whose gradient is not finite, so that no update follows; null: none.</summary>
    public long? NotFiniteAt { get; }

    /// <summary>The weights of every version, from a plain loop over shards and steps.</summary>
    public IReadOnlyList<float[]> Versions { get; }

    public const int ShapeCount = 420;

    public static SimJob OfShape(int shape) => Shapes.GetOrAdd(shape, key => new SimJob(key));
}

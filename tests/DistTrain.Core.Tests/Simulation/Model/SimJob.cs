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

    /// <summary>The weights of every version, from a plain loop over shards and steps.</summary>
    private readonly List<float[]> _versions;
    private readonly long _bestStep;

    private SimJob(int shape)
    {
        int shards = 1 + shape % 7;
        int batch = shards * (1 + shape % 3) + shape % 2;
        bool mayStopEarly = shape % 9 == 3;
        Spec = TestJobs.Job(
            batch, shards, epochs: mayStopEarly ? 4 : 1 + shape % 2,
            stopping: mayStopEarly
                ? new EarlyStoppingSpec { Metric = StoppingMetric.ValidationLoss, Patience = 1 }
                : null,
            checkpoint: new CheckpointSpec(1, shape % 4 == 0 ? null : 1 + shape % 3, 3));
        Plan = TestJobs.Plan(
            Spec, train: batch * (3 + shape % 4) + shape % batch,
            validation: shape % 3 == 0 ? TrainingPlan.EvaluationChunk + 100 : 0,
            test: shape % 5 == 0 ? 700 : 0);
        NotFiniteAt = shape % 4 == 1 ? shape % Plan.TotalSteps : null;
        _versions = TinyModel.Train(Spec, Plan, NotFiniteAt);
        (EndStep, _bestStep) = Spec.EarlyStopping is null
            ? (Plan.TotalSteps, Plan.TotalSteps)
            : FindEnd();
    }

    public JobSpec Spec { get; }

    public TrainingPlan Plan { get; }

    /// <summary>The step whose gradient is not finite, so that no update follows; null: none.</summary>
    public long? NotFiniteAt { get; }

    /// <summary>The version training ends with.</summary>
    public long EndStep { get; }

    /// <summary>
    /// The best epoch is not the last, and its weights are brought back as a version of their own.
    /// </summary>
    public bool RestoresBest => _bestStep < EndStep;

    public const int ShapeCount = 420;

    public static SimJob OfShape(int shape) => Shapes.GetOrAdd(shape, key => new SimJob(key));

    /// <summary>What a version must be, to the bit; null: there is no such version.</summary>
    public float[]? WeightsOf(long version)
        => version <= EndStep ? _versions[(int)version]
            : version == EndStep + 1 && RestoresBest ? _versions[(int)_bestStep]
            : null;

    /// <summary>The mean loss on a split, summed chunk by chunk.</summary>
    public double LossOn(DataSplit split, float[] weights)
    {
        double sum = 0;
        for (int chunk = 0; chunk < Plan.ChunksOf(split); chunk++)
        {
            sum += TinyModel.ResultOf(weights, Plan.SamplesOf(split, chunk)).LossSum;
        }
        return sum / Plan.SamplesIn(split);
    }

    /// <summary>With a patience of one epoch the first that is no better is the last.</summary>
    private (long EndStep, long BestStep) FindEnd()
    {
        long step = Plan.StepsPerEpoch;
        double best = LossOn(DataSplit.Validation, _versions[(int)step]);
        while (step < Plan.TotalSteps)
        {
            step += Plan.StepsPerEpoch;
            double loss = LossOn(DataSplit.Validation, _versions[(int)step]);
            if (!(loss < best))
            {
                return (step, step - Plan.StepsPerEpoch);
            }
            best = loss;
        }
        return (step, step);
    }
}

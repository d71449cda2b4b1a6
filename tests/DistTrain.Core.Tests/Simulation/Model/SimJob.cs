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

    private readonly List<double> _lossFactors = [];
    private SimJob(int shape)
    {
        int shards = 1 + shape % 7;
        int batch = shards * (1 + shape % 3) + shape % 2;
        bool mayStopEarly = shape % 9 == 3;
        JobSpec job = TestJobs.Job(
            batch, shards, epochs: mayStopEarly ? 4 : 1 + shape % 2,
            stopping: mayStopEarly
                ? new EarlyStoppingSpec { Metric = StoppingMetric.ValidationLoss, Patience = 1 }
                : null,
            checkpoint: new CheckpointSpec(1, shape % 4 == 0 ? null : 1 + shape % 3, 3));
        job = WithChangingBatch(job, shape);
        int training = batch * (3 + shape % 4) + shape % batch;
        int validation = shape % 3 == 0 ? TrainingPlan.EvaluationChunk + 100 : 0;
        job = job with
        {
            MaxSteps = shape % 13 == 5 ? 2 + shape % 8 : null,
            Precision = ScalesLoss(shape) ? Precision.Fp16 : Precision.Float32,
            LossScaling = new LossScalingSpec { Initial = 64, GrowthInterval = 2 },
            ValidateEverySteps = validation > 0 && shape % 5 is 1 or 2 ? 1 + shape % 4 : null,
        };
        Plan = TestJobs.Plan(job, training, validation, test: shape % 5 == 0 ? 700 : 0);
        NotFiniteAt = shape % 4 == 1 ? shape % Plan.TotalSteps : null;
        _versions = TinyModel.Train(job, Plan, NotFiniteAt, _lossFactors);
        if (validation > 0 && shape % 8 is 3 or 6)
        {
            double value = LossOn(DataSplit.Validation, _versions[_versions.Count / 2]);
            job = job with { Target = new TargetSpec(StoppingMetric.ValidationLoss, value, shape % 8 == 3) };
        }
        Spec = job;
        Course = new SimCourse(
            job, training,
            validation > 0 ? step => LossOn(DataSplit.Validation, _versions[(int)step]) : null);
    }

    public JobSpec Spec { get; }

    public TrainingPlan Plan { get; }

    /// <summary>The step whose gradient is not finite, so that no update follows; null: none.</summary>
    public long? NotFiniteAt { get; }

    /// <summary>What a sample's loss is multiplied by in a step.</summary>
    public double LossFactorOf(long step) => _lossFactors[(int)step];

    /// <summary>What its run comes to.</summary>
    public SimCourse Course { get; }

    /// <summary>The version training ends with.</summary>
    public long EndStep => Course.EndStep;

    /// <summary>
    /// The best epoch is not the last, and its weights are brought back as a version of their own.
    /// </summary>
    public bool RestoresBest => Course.BestStep < EndStep;

    public const int ShapeCount = 420;

    public static SimJob OfShape(int shape) => Shapes.GetOrAdd(shape, key => new SimJob(key));

    /// <summary>What a version must be, to the bit; null: there is no such version.</summary>
    public float[]? WeightsOf(long version)
        => version <= EndStep ? _versions[(int)version]
            : version == EndStep + 1 && RestoresBest ? _versions[(int)Course.BestStep]
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

    private static bool ScalesLoss(int shape) => shape % 6 is 2 or 5;

    private static JobSpec WithChangingBatch(JobSpec job, int shape)
    {
        (int global, int shards) = (job.Batch.Global, job.Batch.Shards);
        BatchScheduleSpec? schedule = (shape % 11) switch
        {
            2 => new()
            {
                Kind = BatchScheduleKind.Steps,
                Milestones = [1, 2],
                Sizes = [global + shards, Math.Max(shards, global / 2)],
            },
            5 or 8 => new()
            {
                Kind = BatchScheduleKind.Grow,
                Milestones = [1, 2],
                Most = shape % 2 == 0 ? 3 * global : null,
            },
            _ => null,
        };
        return schedule is null
            ? job
            : job with { Batch = job.Batch with { Schedule = schedule }, Epochs = Math.Max(job.Epochs, 3) };
    }
}

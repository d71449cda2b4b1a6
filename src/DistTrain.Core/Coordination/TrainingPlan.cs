using DistTrain.Core.Jobs;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>Which samples a pass runs over.</summary>
public enum DataSplit { Train, Validation, Test }

/// <summary>
/// The arithmetic of a run, the same on every node: which step belongs to which epoch, which samples to which
/// shard, which samples to which evaluation chunk. It follows from the job and the data alone, never from who
/// computes.
/// </summary>
/// <param name="job">The effective job.</param>
/// <param name="trainingSamples">m, after the validation split.</param>
/// <param name="validationSamples">0: no validation.</param>
/// <param name="testSamples">0: no test set.</param>
public sealed class TrainingPlan(JobSpec job, int trainingSamples, int validationSamples, int testSamples)
{
    /// <summary>
    /// Samples of one evaluation chunk. Sums over chunks are taken in chunk order, so the figures are the
    /// same for every number of workers.
    /// </summary>
    public const int EvaluationChunk = 500;

    public int TrainingSamples => trainingSamples;

    public int ValidationSamples => validationSamples;

    public int TestSamples => testSamples;

    /// <summary>The global batch over the epochs.</summary>
    public BatchPhases Batches { get; } = new(job.Batch, trainingSamples);

    /// <summary>S, parts of a global batch, whatever its size.</summary>
    public int Shards => job.Batch.Shards;

    /// <summary>Epochs the job asks for.</summary>
    public int Epochs => job.Epochs;

    /// <summary>⌈m / B⌉ of the first epoch.</summary>
    public int StepsPerEpoch => Batches.All[0].StepsPerEpoch;

    /// <summary>
    /// Steps of the reference batch that the job's epochs hold: where AdaScale's own count ends training
    /// (Johnson et al. 2020).
    /// </summary>
    public long ReferenceSteps { get; } = (((long)trainingSamples + job.LearningRate.ReferenceBatch - 1)
        / Math.Max(job.LearningRate.ReferenceBatch, 1)) * job.Epochs;

    /// <summary>
    /// Steps of the whole run: those of its epochs, or the job's maximum where that is less. Under AdaScale
    /// it is the most there can be, for no step counts for less than one of the reference batch.
    /// </summary>
    public long TotalSteps => Math.Min(
        job.LearningRate.Scaling == ScalingRule.AdaScale ? ReferenceSteps : Batches.StepsBefore(job.Epochs),
        job.MaxSteps ?? long.MaxValue);

    /// <summary>The epoch (1-based) that the last step falls into.</summary>
    public int LastEpoch
    {
        get
        {
            BatchPhase phase = Batches.OfStep(TotalSteps - 1);
            long before = phase.FirstEpoch + (TotalSteps - 1 - phase.FirstStep) / phase.StepsPerEpoch;
            return (int)Math.Min(before + 1, int.MaxValue);
        }
    }

    /// <summary>
    /// The epoch (1-based) a step belongs to and the stretch of that epoch's sample order it covers. Epochs
    /// beyond the job's have their samples as well.
    /// </summary>
    public BatchWindow WindowOf(long step)
    {
        BatchPhase phase = Batches.OfStep(step);
        long inPhase = step - phase.FirstStep;
        int epoch = checked(phase.FirstEpoch + (int)(inPhase / phase.StepsPerEpoch)) + 1;
        int start = checked((int)(inPhase % phase.StepsPerEpoch * phase.GlobalBatch));
        return new BatchWindow(epoch, start, Math.Min(phase.GlobalBatch, TrainingSamples - start));
    }

    /// <summary>
    /// Samples of a full step of a step's phase, which it has itself unless it is the last of an epoch.
    /// </summary>
    public int FullBatchOf(long step) => Math.Min(Batches.OfStep(step).GlobalBatch, TrainingSamples);

    /// <summary>Training samples seen before a step, counted as often as they were seen.</summary>
    public long SamplesBefore(long step)
    {
        BatchWindow window = WindowOf(step);
        return (long)(window.Epoch - 1) * TrainingSamples + window.Start;
    }

    /// <summary>
    /// Positions [Start, Start + Count) in the epoch's sample order that make up a shard of a step.
    /// </summary>
    public (int Start, int Count) SamplesOf(long step, int shard)
    {
        BatchWindow window = WindowOf(step);
        (int start, int count) = ShardPlan.SamplesOf(shard, Shards, window.Count);
        return (window.Start + start, count);
    }

    /// <summary>The same for a range of shards, which is not empty.</summary>
    public (int Start, int Count) SamplesOf(long step, ShardRange shards)
    {
        (int start, int first) = SamplesOf(step, shards.Start);
        (int last, int count) = shards.Count == 1 ? (start, first) : SamplesOf(step, shards.End - 1);
        return (start, last + count - start);
    }

    /// <summary>Most samples any one shard of any step can hold.</summary>
    public int LargestShard => (Batches.LargestBatch + Shards - 1) / Shards;

    /// <summary>Samples of one evaluation chunk; the last one of a split may be short.</summary>
    public int SamplesOf(DataSplit split, int chunk)
        => Math.Min(EvaluationChunk, SamplesIn(split) - chunk * EvaluationChunk);

    public int SamplesIn(DataSplit split) => split switch
    {
        DataSplit.Train => TrainingSamples,
        DataSplit.Validation => ValidationSamples,
        _ => TestSamples,
    };

    /// <summary>Number of evaluation chunks of a split.</summary>
    public int ChunksOf(DataSplit split) => (SamplesIn(split) + EvaluationChunk - 1) / EvaluationChunk;
}

/// <summary>
/// The global batch of one step: positions [Start, Start + Count) of the epoch's sample order.
/// </summary>
public readonly record struct BatchWindow(int Epoch, int Start, int Count);

using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>Which samples a pass runs over.</summary>
public enum DataSplit { Train, Validation, Test }

/// <summary>
/// The arithmetic of a run, the same on every node: which step belongs to which epoch, which samples to which
/// shard, which samples to which evaluation chunk. It follows from the job and the data alone, never from who
/// computes.
/// </summary>
/// <param name="TrainingSamples">m, after the validation split.</param>
/// <param name="ValidationSamples">0: no validation.</param>
/// <param name="TestSamples">0: no test set.</param>
/// <param name="GlobalBatch">B, samples of a full step.</param>
/// <param name="Shards">S, parts of a global batch.</param>
/// <param name="Epochs">Epochs to train.</param>
public sealed record TrainingPlan(
    int TrainingSamples, int ValidationSamples, int TestSamples, int GlobalBatch, int Shards, int Epochs)
{
    /// <summary>
    /// Samples of one evaluation chunk. Sums over chunks are taken in chunk order, so the figures are the
    /// same for every number of workers.
    /// </summary>
    public const int EvaluationChunk = 500;

    /// <summary>⌈m / B⌉; the last batch of an epoch may be short.</summary>
    public int StepsPerEpoch { get; } = (int)(((long)TrainingSamples + GlobalBatch - 1) / GlobalBatch);

    public long TotalSteps => (long)StepsPerEpoch * Epochs;

    /// <summary>
    /// The epoch (1-based) a step belongs to and the stretch of that epoch's sample order it covers.
    /// </summary>
    public BatchWindow WindowOf(long step)
    {
        int epoch = checked((int)(step / StepsPerEpoch)) + 1;
        int start = checked((int)(step % StepsPerEpoch * GlobalBatch));
        return new BatchWindow(epoch, start, Math.Min(GlobalBatch, TrainingSamples - start));
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

    /// <summary>Most samples any one shard can hold.</summary>
    public int LargestShard => (GlobalBatch + Shards - 1) / Shards;

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

using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Noise;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Memory;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sampling;

namespace DistTrain.Runtime.Training;

/// <summary>
/// What a worker does to tensors: gathers the samples of a shard, runs the replica, adds gradient buffers.
/// Everything that feeds a shard follows from (seed, epoch, step, shard), never from who computes it.
/// </summary>
public sealed unsafe class ShardWork : IDisposable
{
    private readonly TrainingPlan _plan;
    private readonly long _seed;
    private readonly IDataset _dataset;
    private readonly bool _augments;
    private readonly IReplica _replica;
    private readonly long _parameterCount;
    private readonly Func<int, NativeBuffer<float>> _gradients;
    private readonly MicroBatch _batch;
    private readonly int[] _indices;

    /// <param name="plan">The run's arithmetic.</param>
    /// <param name="seed">The job's.</param>
    /// <param name="dataset">Shared by all workers of the process.</param>
    /// <param name="targets">Numbers per sample for regression; 0: class labels.</param>
    /// <param name="augments">Whether training samples are augmented.</param>
    /// <param name="replica">Owned from now on.</param>
    /// <param name="parameterCount">
    /// Elements of a gradient buffer before its tail of buffer changes.
    /// </param>
    /// <param name="gradients">This worker's gradient buffers by number.</param>
    public ShardWork(
        TrainingPlan plan, long seed, IDataset dataset, int targets, bool augments, IReplica replica,
        long parameterCount, Func<int, NativeBuffer<float>> gradients)
    {
        _plan = plan;
        _seed = seed;
        _dataset = dataset;
        _augments = augments;
        _replica = replica;
        _parameterCount = parameterCount;
        _gradients = gradients;
        int evaluated = Math.Max(plan.ValidationSamples, plan.TestSamples);
        int largestChunk = Math.Min(TrainingPlan.EvaluationChunk, evaluated);
        int capacity = Math.Max(plan.LargestShard, largestChunk);
        _batch = new MicroBatch(capacity, dataset.Shape, targets);
        _indices = new int[capacity];
    }

    /// <summary>The shared parameters have changed.</summary>
    public void AcquireWeights() => _replica.RefreshParameters();

    /// <summary>
    /// The gradient of one shard into the buffer the machine named, and its squares while it is still alone
    /// there: the next operation may add it to another's.
    /// </summary>
    public ShardResult Compute(ComputeShard request)
    {
        int epoch = _plan.WindowOf(request.Step).Epoch;
        (int start, int count) = _plan.SamplesOf(request.Step, request.Shard);
        Span<int> indices = _indices.AsSpan(0, count);
        new SamplePermutation(_seed, epoch, _plan.TrainingSamples).Fill(start, indices);
        _dataset.Train.Gather(indices, _augments ? new AugmentationKey(_seed, epoch) : null, _batch);
        NativeBuffer<float> gradient = _gradients(request.Buffer);
        ShardResult result = _replica.ComputeGradient(
            _batch, LayerSeed(request), gradient, request.LossFactor);
        if (_plan.Shards == 1 || !NoiseSampling.Takes(request.Step))
        {
            return result;
        }
        _replica.Settle(gradient);
        return result with { GradientSquares = GradientSquares.Sum(gradient.Pointer, _parameterCount) };
    }

    /// <summary>Waits until a computed gradient is in its buffer: before others read it.</summary>
    public void Settle(int buffer) => _replica.Settle(_gradients(buffer));

    public void Add(AddGradients request)
    {
        NativeBuffer<float> into = _gradients(request.Into), from = _gradients(request.From);
        _replica.Settle(into);
        _replica.Settle(from);
        TreeReduction.Add(into.Pointer, from.Pointer, into.Length);
    }

    /// <summary>Loss and accuracy of one chunk, without augmentation and in evaluation mode.</summary>
    public ShardResult Evaluate(EvaluateChunk request)
    {
        int start = request.Chunk * TrainingPlan.EvaluationChunk;
        int count = Math.Min(TrainingPlan.EvaluationChunk, _plan.SamplesIn(request.Split) - start);
        for (int i = 0; i < count; i++)
        {
            _indices[i] = start + i;
        }
        ISampleSet samples = (request.Split == DataSplit.Validation ? _dataset.Validation : _dataset.Test)!;
        samples.Gather(_indices.AsSpan(0, count), null, _batch);
        return _replica.Evaluate(_batch);
    }

    public void Dispose()
    {
        _replica.Dispose();
        _batch.Dispose();
    }

    private ulong LayerSeed(ComputeShard request)
    {
        ulong key = KeyedRandom.Key((ulong)_seed, (ulong)RandomDomain.Layers);
        return KeyedRandom.Key(KeyedRandom.Key(key, (ulong)request.Step), (ulong)request.Shard);
    }
}

using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;

namespace DistTrain.Core.Engine;

/// <summary>
/// The engine seam: whatever can build replicas of a model. One instance serves a whole process.
/// </summary>
public interface IEngine
{
    /// <summary>One line for people, e.g. "libtorch 1.13.1 on cpu".</summary>
    string Description { get; }

    /// <summary>
    /// The layout of a model's flat buffer. For layer lists it equals <see cref="ModelPlan.Layout"/>; a
    /// TorchScript file or an assembly is opened to find out.
    /// </summary>
    /// <exception cref="UserFaultException">The model cannot be loaded or does not fit the data.</exception>
    ParameterLayout LayoutOf(ModelPlan model);

    /// <summary>
    /// The initial values of a model that brings its own (TorchScript, an assembly): written into
    /// <paramref name="parameters"/>. False where the model has none and initialisation follows the job's
    /// seed.
    /// </summary>
    /// <param name="model">Which.</param>
    /// <param name="seed">The job's seed, for a model that draws its values when it is built.</param>
    /// <param name="parameters">TotalCount elements.</param>
    bool TryReadInitialValues(ModelPlan model, long seed, NativeBuffer<float> parameters);

    /// <summary>
    /// A replica whose parameters are views into <paramref name="parameters"/> (a device keeps a copy that
    /// <see cref="IReplica.RefreshParameters"/> renews). Replicas in one process share that buffer.
    /// Must be called on the thread that will use the replica.
    /// </summary>
    IReplica CreateReplica(ReplicaOptions options, NativeBuffer<float> parameters);

    /// <summary>
    /// Makes sure, before a run begins, that replicas can compute so. By default float32 alone.
    /// </summary>
    /// <param name="precision">The job's.</param>
    /// <param name="device">"cpu" or "cuda:N".</param>
    /// <exception cref="UserFaultException">It cannot compute with it there.</exception>
    void RequirePrecision(Precision precision, string device)
    {
        if (precision != Precision.Float32)
        {
            throw new UserFaultException($"precision: {Description} computes in float32 alone");
        }
    }
}

/// <param name="Model">What to build.</param>
/// <param name="Loss">How the output is judged.</param>
/// <param name="LabelSmoothing">cross-entropy only.</param>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Threads">Threads of this worker: bounds torch, OpenMP and the BLAS alike.</param>
public sealed record ReplicaOptions(
    ModelPlan Model, LossKind Loss, double LabelSmoothing, string Device, int Threads)
{
    /// <summary>The numbers that layers compute with.</summary>
    public Precision Precision { get; init; }

    /// <summary>False: a GPU may take kernels whose bits differ from call to call.</summary>
    public bool Deterministic { get; init; } = true;
}

/// <summary>
/// One worker's copy of the model, bound to one device and to the thread that created it. Not thread-safe.
/// </summary>
public interface IReplica : IDisposable
{
    /// <summary>
    /// Forward and backward for one shard. Writes into <paramref name="gradient"/> (overwriting it, layout as
    /// the parameters) the gradient of the *sum* of the samples' losses, and in the tail the buffers' change
    /// times the sample count. Parameters and buffers themselves are not touched.
    /// </summary>
    /// <param name="batch">At least one sample.</param>
    /// <param name="randomSeed">
    /// Keys dropout and every other random layer: a function of seed, epoch, step and shard.
    /// </param>
    /// <param name="gradient">TotalCount elements.</param>
    /// <exception cref="RunFaultException">The engine reports an error, as it would anywhere.</exception>
    /// <exception cref="DeviceFaultException">The device has failed; so may every call below.</exception>
    ShardResult ComputeGradient(MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient);

    /// <summary>
    /// The same with a scaled loss: the loss is multiplied by <paramref name="lossFactor"/> and the gradient
    /// divided by it again, so that what lies between fits the range of the precision. Where the gradient
    /// overflows on the way, an element of it is not finite. Running statistics know no scale. By default a
    /// replica that needs no scale has none.
    /// </summary>
    /// <param name="batch">As above.</param>
    /// <param name="randomSeed">As above.</param>
    /// <param name="gradient">As above.</param>
    /// <param name="lossFactor">A power of two.</param>
    ShardResult ComputeGradient(
        MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient, double lossFactor)
        => ComputeGradient(batch, randomSeed, gradient);

    /// <summary>
    /// A gradient may still be on its way from a device when the call that computes it returns; this one
    /// returns when it is in the buffer. Whoever reads a gradient calls it first.
    /// </summary>
    /// <param name="gradient">Given to an earlier call; any other buffer is settled already.</param>
    /// <exception cref="RunFaultException">The engine reports an error.</exception>
    void Settle(NativeBuffer<float> gradient) { }

    /// <summary>Forward only, in evaluation mode (no dropout, running statistics).</summary>
    ShardResult Evaluate(MicroBatch batch);

    /// <summary>Tells the replica that the shared parameters have changed. Free on CPU.</summary>
    void RefreshParameters();
}

/// <param name="LossSum">Sum of the samples' losses.</param>
/// <param name="Correct">Samples whose largest output is their label; 0 for regression.</param>
/// <param name="Count">Samples.</param>
public readonly record struct ShardResult(double LossSum, int Correct, int Count)
{
    /// <summary>
    /// Sum of the squares of the shard's summed gradient, without buffers; 0 in an evaluation and in steps
    /// whose gradient noise is not estimated. Whoever owns the buffer enters it, not the replica.
    /// </summary>
    public double GradientSquares { get; init; }

    /// <summary>
    /// When it was computed, on the clock of whoever did; zero where nobody looked at one. Nothing is decided
    /// by it but what is shown.
    /// </summary>
    public ShardTiming Timing { get; init; }
}

/// <param name="Start">From the arrival of the worker's first order for the step.</param>
/// <param name="Duration">Gather, forward, backward.</param>
public readonly record struct ShardTiming(TimeSpan Start, TimeSpan Duration);

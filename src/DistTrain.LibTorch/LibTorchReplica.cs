using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.LibTorch.Interop;

namespace DistTrain.LibTorch;

/// <summary>A replica on libtorch: thin, for what a step is lies on the other side of the C ABI.</summary>
internal sealed unsafe class LibTorchReplica(
    ReplicaHandle handle, ModelPlan model, long totalCount, NativeBuffer<float> parameters, string device)
    : IReplica
{
    public ShardResult ComputeGradient(MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient)
    {
        ShardResult result = ComputeGradient(batch, randomSeed, gradient, lossFactor: 1);
        Settle(gradient);
        return result;
    }

    public ShardResult ComputeGradient(
        MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient, double lossFactor)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gradient.Length, totalCount);
        var native = Encode(batch);
        Status.ThrowIfFailed(Native.dt_replica_gradient(
            handle, in native, randomSeed, lossFactor, gradient.Pointer, out var result), device);
        return Decode(result, batch);
    }

    public void Settle(NativeBuffer<float> gradient)
        => Status.ThrowIfFailed(Native.dt_replica_settle(handle, gradient.Pointer), device);

    public ShardResult Evaluate(MicroBatch batch)
    {
        var native = Encode(batch);
        Status.ThrowIfFailed(Native.dt_replica_evaluate(handle, in native, out var result), device);
        return Decode(result, batch);
    }

    public void RefreshParameters() => Status.ThrowIfFailed(Native.dt_replica_refresh(handle), device);

    public void Dispose() => handle.Dispose();

    private Native.dt_batch Encode(MicroBatch batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, batch.Capacity);
        if (batch.Shape != model.Input || (batch.TargetCount != 0 && batch.TargetCount != model.Outputs))
        {
            throw new ArgumentException(
                $"The batch holds {batch.Shape} with {batch.TargetCount} targets, the model takes "
                + $"{model.Input} and gives {model.Outputs}.", nameof(batch));
        }

        // A disposed buffer is caught here, in managed code, rather than by the operating system below.
        _ = parameters.Pointer;
        return new Native.dt_batch
        {
            inputs = batch.Inputs.Pointer,
            labels = batch.TargetCount == 0 ? batch.Labels.Pointer : null,
            targets = batch.TargetCount == 0 ? null : batch.Targets.Pointer,
            count = batch.Count,
        };
    }

    private static ShardResult Decode(in Native.dt_result result, MicroBatch batch)
        => new(result.loss_sum, checked((int)result.correct), batch.Count);
}

using System.Runtime.InteropServices;
using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.TorchSharp.Models;
using DistTrain.TorchSharp.Runtime;
using DistTrain.TorchSharp.Tensors;

namespace DistTrain.TorchSharp;

/// <summary>
/// A replica on TorchSharp: autograd over a module whose parameters and gradients are views into flat
/// buffers. Every tensor that a pass makes is gone with the pass's scope.
/// </summary>
internal sealed unsafe class TorchSharpReplica : IReplica
{
    private readonly ReplicaOptions _options;
    private readonly ParameterLayout _layout;
    private readonly NativeBuffer<float> _shared;
    private readonly Device _device;
    private readonly ReplicaModule _model;
    private readonly bool _copiesInputs;
    private readonly FlatTensor _parameters, _gradients;
    private readonly BoundTensors _tensors;
    private NativeBuffer<float> _slope = new(0);
    private bool? _isTraining;

    /// <param name="options">Model, loss, threads.</param>
    /// <param name="model">Built for this replica; disposed with it.</param>
    /// <param name="layout">Of the flat buffer.</param>
    /// <param name="device">Where it computes.</param>
    /// <param name="isShared">Views are of the host's memory itself.</param>
    /// <param name="parameters">Of all replicas; must outlive this one.</param>
    public TorchSharpReplica(
        ReplicaOptions options, ReplicaModule model, ParameterLayout layout, Device device, bool isShared,
        NativeBuffer<float> parameters)
    {
        (_options, _model, _layout, _device, _shared) = (options, model, layout, device, parameters);
        _copiesInputs = !isShared;
        _parameters = new FlatTensor(device, isShared, layout.TotalCount);
        _gradients = new FlatTensor(device, isShared, layout.TotalCount);
        _parameters.Attach(parameters.Pointer);
        _parameters.Upload();
        model.Module.to(device);
        _tensors = new BoundTensors(ModuleTensors.Of(model.Module), layout, _parameters, _gradients);
    }

    public ShardResult ComputeGradient(MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(gradient.Length, _layout.TotalCount);
        Check(batch);
        return Guarded(() =>
        {
            if (_gradients.Attach(gradient.Pointer))
            {
                _tensors.BindGradients();
            }

            using var scope = NewDisposeScope();
            _gradients.Clear();
            SetTraining(true);
            _tensors.Load();
            Tensor outputs = Forward(batch, randomSeed);
            Span<float> slope = SlopeOf(batch, out Tensor slopeTensor);
            ShardResult result = Judge(batch, outputs, slope);
            autograd.backward([outputs], [slopeTensor.to(_device)]);
            _tensors.AdoptGradients();
            _tensors.WriteTail(batch.Count);
            _gradients.Download();
            return result;
        });
    }

    public ShardResult Evaluate(MicroBatch batch)
    {
        Check(batch);
        return Guarded(() =>
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            SetTraining(false);
            _tensors.Load();
            return Judge(batch, Forward(batch, 0), []);
        });
    }

    public void RefreshParameters() => Guarded(() =>
    {
        _parameters.Upload();
        return true;
    });

    public void Dispose()
    {
        _tensors.Dispose();
        _model.Module.Dispose();
        _gradients.Dispose();
        _parameters.Dispose();
        _slope.Dispose();
    }

    private Tensor Forward(MicroBatch batch, ulong seed)
    {
        long[] shape = [batch.Count, .. batch.Shape.Dimensions.Select(size => (long)size)];
        Tensor inputs = NativeTensors.Over(batch.Inputs.Pointer, shape);
        Tensor samples = _copiesInputs ? inputs.to(_device.type, _device.index, copy: true) : inputs;
        _model.Key.Seed = seed;
        Tensor outputs = _model.Draws
            ? Draws.Seeded(seed, () => _model.Module.call(samples)) : _model.Module.call(samples);
        long width = _options.Model.Outputs;
        return outputs.dtype == ScalarType.Float32 && outputs.shape.SequenceEqual([batch.Count, width])
            ? outputs
            : throw new RunFaultException(
                $"The model gives {outputs.dtype} [{string.Join(", ", outputs.shape)}] for {batch.Count} "
                + $"samples, it must give Float32 [{batch.Count}, {width}]");
    }

    /// <param name="slope">Receives the loss's gradient with respect to the outputs; empty: none.</param>
    private ShardResult Judge(MicroBatch batch, Tensor outputs, Span<float> slope)
    {
        Tensor host = outputs.detach().cpu().contiguous();
        return new OutputJudge(_options.Loss, _options.LabelSmoothing, batch, _options.Model.Outputs)
            .Judge(MemoryMarshal.Cast<byte, float>(host.bytes), slope);
    }

    /// <summary>Where the loss's gradient goes, and the same memory as a tensor of this pass.</summary>
    private Span<float> SlopeOf(MicroBatch batch, out Tensor tensor)
    {
        int width = _options.Model.Outputs;
        int length = checked(batch.Count * width);
        if (_slope.Length < length)
        {
            _slope.Dispose();
            _slope = new NativeBuffer<float>(length);
        }

        tensor = NativeTensors.Over(_slope.Pointer, batch.Count, width);
        return _slope.Slice(0, length);
    }

    private void SetTraining(bool isTraining)
    {
        if (_isTraining != isTraining)
        {
            _model.Module.train(isTraining);
            _isTraining = isTraining;
        }
    }

    private void Check(MicroBatch batch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batch.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Count, batch.Capacity);
        var model = _options.Model;
        if (batch.Shape != model.Input || (batch.TargetCount != 0 && batch.TargetCount != model.Outputs))
        {
            throw new ArgumentException(
                $"The batch holds {batch.Shape} with {batch.TargetCount} targets, the model takes "
                + $"{model.Input} and gives {model.Outputs}.", nameof(batch));
        }

        // A disposed buffer is caught here, in managed code, rather than by the operating system below.
        _ = _shared.Pointer;
    }

    /// <summary>
    /// libtorch's errors, and those of a user's module, end the run in one line; those of a device that
    /// answers no more end the worker.
    /// </summary>
    private T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is not DistTrainException)
        {
            string said = UserCode.Say(fault);
            throw Answers()
                ? new RunFaultException($"The engine reports: {said}", fault)
                : new DeviceFaultException($"{_options.Device} has failed and answers no more: {said}");
        }
    }

    /// <summary>Whether one and one are two there: after a fault of the card nothing succeeds.</summary>
    private bool Answers()
    {
        if (_device.type == DeviceType.CPU)
        {
            return true;
        }

        try
        {
            using var scope = NewDisposeScope();
            Tensor one = ones(1, device: _device);
            return (one + one).cpu().item<float>() == 2;
        }
        catch (ExternalException)
        {
            return false;
        }
    }
}

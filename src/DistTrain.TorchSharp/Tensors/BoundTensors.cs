using DistTrain.Core.Models;

namespace DistTrain.TorchSharp.Tensors;

/// <summary>
/// A module whose parameters and gradients are views into flat buffers.
/// A parameter is bound once: its storage is replaced by a view, which the native module sees as well, for
/// both hold the same tensor. A gradient is bound as soon as autograd has made it, in the first step, and
/// again when another buffer is attached; from then on autograd adds straight into the flat gradient.
/// Buffers stay the module's own, because training writes into them: they are loaded before every pass, and
/// what a pass changed goes to the gradient's tail.
/// </summary>
internal sealed class BoundTensors : IDisposable
{
    private readonly ModuleTensors _tensors;
    private readonly FlatTensor _gradients;
    private readonly ParameterSlot[] _slots;
    private readonly Tensor?[] _gradientsOfParameters;
    private readonly Tensor[] _sharedBuffers;
    private Tensor[] _countersBefore = [];

    /// <param name="tensors">The module's, on the buffers' device.</param>
    /// <param name="layout">A slot for each by name.</param>
    /// <param name="parameters">Attached.</param>
    /// <param name="gradients">Where gradients are going to be.</param>
    public BoundTensors(
        ModuleTensors tensors, ParameterLayout layout, FlatTensor parameters, FlatTensor gradients)
    {
        (_tensors, _gradients) = (tensors, gradients);
        var byName = layout.Slots.ToDictionary(slot => slot.Name, StringComparer.Ordinal);
        _slots = [.. tensors.Trained.Concat(tensors.Buffers).Select(tensor => byName[tensor.Name])];
        _gradientsOfParameters = new Tensor?[tensors.Trained.Count];
        using var none = no_grad();
        for (int i = 0; i < tensors.Trained.Count; i++)
        {
            using Tensor view = parameters.View(_slots[i].Offset, ShapeOf(i));
            tensors.Trained[i].Tensor.set_(view).Dispose();
        }

        _sharedBuffers = [.. Enumerable.Range(tensors.Trained.Count, tensors.Buffers.Count)
            .Select(i => parameters.View(_slots[i].Offset, ShapeOf(i)))];
    }

    /// <summary>The module's buffers take the shared values; its counters are remembered.</summary>
    public void Load()
    {
        using var none = no_grad();
        for (int i = 0; i < _sharedBuffers.Length; i++)
        {
            _tensors.Buffers[i].Tensor.copy_(_sharedBuffers[i]).Dispose();
        }

        Forget();
        _countersBefore = [.. _tensors.Counters.Select(c => c.Tensor.clone().DetachFromDisposeScope())];
    }

    /// <summary>To be called when the flat gradient is of other memory: autograd is to add there.</summary>
    public void BindGradients()
    {
        using var none = no_grad();
        for (int i = 0; i < _gradientsOfParameters.Length; i++)
        {
            if (_gradientsOfParameters[i] is { } gradient)
            {
                using Tensor view = _gradients.View(_slots[i].Offset, ShapeOf(i));
                gradient.set_(view).Dispose();
            }
        }
    }

    /// <summary>Gradients that autograd made anew in this step move into the flat gradient.</summary>
    public void AdoptGradients()
    {
        using var none = no_grad();
        for (int i = 0; i < _gradientsOfParameters.Length; i++)
        {
            if (_gradientsOfParameters[i] is null && _tensors.Trained[i].Tensor.grad() is { } made)
            {
                using Tensor view = _gradients.View(_slots[i].Offset, ShapeOf(i));
                view.copy_(made).Dispose();
                made.set_(view).Dispose();
                _gradientsOfParameters[i] = made.DetachFromDisposeScope();
            }
        }
    }

    /// <summary>
    /// Writes what the pass changed in each buffer, times the sample count, and puts counters back.
    /// </summary>
    public void WriteTail(long samples)
    {
        using var none = no_grad();
        for (int i = 0; i < _sharedBuffers.Length; i++)
        {
            int slot = _tensors.Trained.Count + i;
            using Tensor tail = _gradients.View(_slots[slot].Offset, ShapeOf(slot));
            using Tensor change = _tensors.Buffers[i].Tensor - _sharedBuffers[i];
            tail.copy_(change.mul_(samples)).Dispose();
        }

        for (int i = 0; i < _countersBefore.Length; i++)
        {
            _tensors.Counters[i].Tensor.copy_(_countersBefore[i]).Dispose();
        }
    }

    public void Dispose()
    {
        Forget();
        Array.ForEach(_sharedBuffers, view => view.Dispose());
        Array.ForEach(_gradientsOfParameters, gradient => gradient?.Dispose());
    }

    private long[] ShapeOf(int slot) => [.. _slots[slot].Shape.Select(size => (long)size)];

    private void Forget()
    {
        Array.ForEach(_countersBefore, counter => counter.Dispose());
        _countersBefore = [];
    }
}

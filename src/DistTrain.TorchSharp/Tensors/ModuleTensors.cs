using DistTrain.Core;
using DistTrain.Core.Models;

namespace DistTrain.TorchSharp.Tensors;

/// <param name="Name">As the module names it: "features.0.weight".</param>
/// <param name="Tensor">The module's own; not this record's to dispose.</param>
internal sealed record ModuleTensor(string Name, Tensor Tensor);

/// <summary>
/// A module's tensors in the order of its flat buffer: trained parameters, then float32 buffers and frozen
/// parameters; each once, so that tied weights have one slot. Integer and boolean buffers, such as batch
/// norm's count of batches, are counters: no part of the buffer, and put back after every step.
/// </summary>
internal sealed record ModuleTensors(
    IReadOnlyList<ModuleTensor> Trained, IReadOnlyList<ModuleTensor> Buffers,
    IReadOnlyList<ModuleTensor> Counters)
{
    /// <exception cref="UserFaultException">A tensor cannot lie in the flat buffer.</exception>
    public static ModuleTensors Of(nn.Module module)
    {
        List<ModuleTensor> trained = [], buffers = [], counters = [];
        HashSet<IntPtr> seen = [];
        var parameters = module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter));
        foreach ((string name, Tensor tensor) in parameters.Concat(module.named_buffers()))
        {
            if (!seen.Add(tensor.Handle))
            {
                continue;
            }

            bool isWhole = !tensor.is_floating_point() && !tensor.is_complex();
            if (!isWhole && tensor.dtype != ScalarType.Float32)
            {
                throw new UserFaultException(
                    $"tensor {name} is {tensor.dtype}; all parameters and buffers must be float32");
            }

            (isWhole ? counters : tensor.requires_grad ? trained : buffers)
                .Add(new ModuleTensor(name, tensor));
        }

        return trained.Count > 0 ? new ModuleTensors(trained, buffers, counters)
            : throw new UserFaultException(
                "has no trained parameters; a module's constructor ends with RegisterComponents()");
    }

    /// <summary>Their places in a flat buffer, packed in this order.</summary>
    public ParameterLayout Layout()
    {
        var slots = new List<ParameterSlot>();
        long parameters = Place(slots, Trained, ParameterRole.Opaque, 0);
        long total = Place(slots, Buffers, ParameterRole.OpaqueBuffer, parameters);
        return new ParameterLayout(slots, parameters, total - parameters);
    }

    private static long Place(
        List<ParameterSlot> slots, IReadOnlyList<ModuleTensor> tensors, ParameterRole role, long offset)
    {
        foreach (var (name, tensor) in tensors)
        {
            int[] shape = [.. tensor.shape.Select(Convert.ToInt32)];
            var slot = new ParameterSlot(name, shape, role, offset, 0);
            slots.Add(slot);
            offset += slot.Length;
        }

        return offset;
    }
}

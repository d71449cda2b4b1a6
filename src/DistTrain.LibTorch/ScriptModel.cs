using System.Runtime.InteropServices;
using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.LibTorch.Interop;

namespace DistTrain.LibTorch;

/// <summary>A TorchScript file, opened once per engine; replicas copy its module.</summary>
internal sealed class ScriptModel : IDisposable
{
    private readonly HashSet<(SampleShape Input, int Outputs)> _checked = [];

    private ScriptModel(ScriptHandle handle, ParameterLayout layout)
    {
        Handle = handle;
        Layout = layout;
    }

    public ScriptHandle Handle { get; }
    public ParameterLayout Layout { get; }

    /// <exception cref="UserFaultException">The file is missing, damaged, or no usable model.</exception>
    public static ScriptModel Open(string path)
    {
        Status.ThrowIfFailed(Native.dt_script_open(path, out var handle));
        return new ScriptModel(handle, ReadLayout(handle));
    }

    /// <summary>Runs the model on two blank samples, once per shape of data.</summary>
    /// <exception cref="UserFaultException">It does not take them, or does not give [n, outputs].</exception>
    public void Check(ModelPlan plan)
    {
        if (_checked.Contains((plan.Input, plan.Outputs)))
        {
            return;
        }

        long[] dimensions = [.. plan.Input.Dimensions.Select(size => (long)size)];
        Status.ThrowIfFailed(Native.dt_script_check(Handle, dimensions.Length, dimensions, plan.Outputs));
        _checked.Add((plan.Input, plan.Outputs));
    }

    public unsafe void Read(NativeBuffer<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Length, Layout.TotalCount);
        Status.ThrowIfFailed(Native.dt_script_read(Handle, values.Pointer, Layout.TotalCount));
    }

    public void Dispose() => Handle.Dispose();

    private static unsafe ParameterLayout ReadLayout(ScriptHandle handle)
    {
        Status.ThrowIfFailed(Native.dt_script_slot_count(handle, out int count));
        var slots = new List<ParameterSlot>(count);
        long parameters = 0, buffers = 0;
        for (int i = 0; i < count; i++)
        {
            Status.ThrowIfFailed(Native.dt_script_slot(handle, i, out var native));
            var dimensions = new ReadOnlySpan<long>(native.dimensions, native.rank);
            int[] shape = [.. dimensions.ToArray().Select(Convert.ToInt32)];
            var role = native.is_buffer != 0 ? ParameterRole.OpaqueBuffer : ParameterRole.Opaque;
            string name = Marshal.PtrToStringUTF8((IntPtr)native.name) ?? "";
            var slot = new ParameterSlot(name, shape, role, native.offset, 0);
            slots.Add(slot);
            parameters += role == ParameterRole.Opaque ? slot.Length : 0;
            buffers += role == ParameterRole.Opaque ? 0 : slot.Length;
        }

        return new ParameterLayout(slots, parameters, buffers);
    }
}

namespace DistTrain.TorchSharp.Tensors;

/// <summary>
/// A flat buffer of the host as a tensor, whose parts are views. Shared, it is that memory itself; else (on a
/// device) it is a copy that is loaded and fetched as a whole.
/// </summary>
/// <param name="device">Where the views live.</param>
/// <param name="isShared">Whether they are the host's memory.</param>
/// <param name="length">Elements.</param>
internal sealed unsafe class FlatTensor(Device device, bool isShared, long length) : IDisposable
{
    private float* _attached;
    private Tensor? _host;
    private Tensor? _local;

    /// <summary>From now on the host's side is this memory.</summary>
    /// <returns>True where views that were made before are of other memory.</returns>
    public bool Attach(float* host)
    {
        if (host == _attached)
        {
            return false;
        }

        bool isFirst = _attached is null;
        _host?.Dispose();
        _attached = host;
        _host = NativeTensors.Over(host, length).DetachFromDisposeScope();
        if (isShared)
        {
            _local = _host;
            return true;
        }

        _local ??= zeros([length], ScalarType.Float32, device).DetachFromDisposeScope();
        return isFirst;
    }

    /// <summary>A tensor of its own over [offset, offset + its size); in no scope.</summary>
    public Tensor View(long offset, long[] shape)
    {
        using Tensor part = _local!.narrow(0, offset, shape.Aggregate(1L, (size, side) => size * side));
        return part.view(shape).DetachFromDisposeScope();
    }

    public void Clear()
    {
        using var none = no_grad();
        _local!.zero_().Dispose();
    }

    /// <summary>Takes the host's values to the device; free where they are shared.</summary>
    public void Upload() => Copy(_local, _host);

    /// <summary>Brings the device's values to the host.</summary>
    public void Download() => Copy(_host, _local);

    public void Dispose()
    {
        _host?.Dispose();
        if (!isShared)
        {
            _local?.Dispose();
        }
    }

    private void Copy(Tensor? to, Tensor? from)
    {
        if (!isShared)
        {
            using var none = no_grad();
            to!.copy_(from!).Dispose();
        }
    }
}

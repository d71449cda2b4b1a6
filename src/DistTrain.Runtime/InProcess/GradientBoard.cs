using System.Collections.Concurrent;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;

namespace DistTrain.Runtime.InProcess;

/// <summary>
/// The data plane of one process: every worker's gradient buffers, where the aggregator finds them. Nothing
/// is copied. A buffer is written by its worker until it is published and read by the aggregator from then
/// until the step commits; messages between the two order the accesses.
/// </summary>
internal sealed class GradientBoard(long length) : IDisposable
{
    private readonly ConcurrentDictionary<(ActorId Worker, int Buffer), NativeBuffer<float>> _buffers = new();

    /// <summary>The buffer of that number, made when it is first asked for.</summary>
    public NativeBuffer<float> this[ActorId worker, int buffer]
        => _buffers.GetOrAdd((worker, buffer), static (_, length) => new NativeBuffer<float>(length), length);

    public void Dispose()
    {
        foreach (NativeBuffer<float> buffer in _buffers.Values)
        {
            buffer.Dispose();
        }
    }
}

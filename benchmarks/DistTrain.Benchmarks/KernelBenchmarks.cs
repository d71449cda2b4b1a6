using BenchmarkDotNet.Attributes;
using DistTrain.Core.Memory;

namespace DistTrain.Benchmarks;

/// <summary>
/// Flat vectors of a model's size: 535,818 is the MLP 784-512-256-10 and stays in the last-level cache,
/// sixteen million is beyond any cache.
/// </summary>
public abstract unsafe class KernelBenchmarks
{
    private NativeBuffer<float>[] _buffers = [];

    [Params(535_818, 16_000_000)]
    public int Elements { get; set; }

    /// <summary>Vectors the benchmarks of a class work on.</summary>
    protected abstract int Vectors { get; }

    [GlobalSetup]
    public virtual void Setup()
    {
        _buffers = [.. Enumerable.Range(0, Vectors).Select(_ => new NativeBuffer<float>(Elements))];
        for (int vector = 0; vector < Vectors; vector++)
        {
            for (int i = 0; i < Elements; i++)
                _buffers[vector].Pointer[i] = (i % 1000 + vector) * 1e-3f;
        }
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        foreach (NativeBuffer<float> buffer in _buffers)
            buffer.Dispose();
    }

    protected float* Vector(int index) => _buffers[index].Pointer;
}

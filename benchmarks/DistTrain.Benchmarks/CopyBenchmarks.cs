using BenchmarkDotNet.Attributes;

namespace DistTrain.Benchmarks;

/// <summary>The yardstick: what this machine's memory gives one core.</summary>
public unsafe class CopyBenchmarks : KernelBenchmarks
{
    protected override int Vectors => 2;

    [Benchmark, Traffic(8)]
    public void Copy() => Buffer.MemoryCopy(Vector(0), Vector(1), 4L * Elements, 4L * Elements);
}

using BenchmarkDotNet.Attributes;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;

namespace DistTrain.Benchmarks;

/// <summary>
/// The aggregator's sum over n partial gradients, squares for the norm included, into the first of them, as
/// in a run; and the worker's own addition.
/// </summary>
public unsafe class TreeSumBenchmarks : KernelBenchmarks
{
    private readonly ReductionProgram[] _programs = [.. Enumerable.Range(1, 8).Select(ProgramOf)];
    private nint[] _sources = [];
    private double[] _squares = [];

    protected override int Vectors => 8;

    public override void Setup()
    {
        base.Setup();
        _sources = [.. Enumerable.Range(0, Vectors).Select(index => (nint)Vector(index))];
        // A sum into its own source grows with every call; zeros stay what they are.
        for (int index = 0; index < Vectors; index++)
            new Span<float>(Vector(index), Elements).Clear();
        _squares = new double[TreeReduction.BlocksOf(Elements)];
    }

    [Benchmark, Traffic(4)]
    public void Squares1() => Sum(1);

    [Benchmark, Traffic(12)]
    public void Sum2() => Sum(2);

    [Benchmark, Traffic(16)]
    public void Sum3() => Sum(3);

    [Benchmark, Traffic(20)]
    public void Sum4() => Sum(4);

    [Benchmark, Traffic(36)]
    public void Sum8() => Sum(8);

    [Benchmark, Traffic(12)]
    public void Add() => TreeReduction.Add(Vector(0), Vector(1), Elements);

    private void Sum(int sources)
        => TreeReduction.Run(
            _programs[sources - 1], _sources.AsSpan(0, sources), Vector(0), 0, Elements, _squares);

    private static ReductionProgram ProgramOf(int sources)
        => ReductionProgram.Compile(
            new ReductionTree(sources),
            [.. Enumerable.Range(0, sources).Select(shard => new ShardRange(shard, shard + 1))]);
}

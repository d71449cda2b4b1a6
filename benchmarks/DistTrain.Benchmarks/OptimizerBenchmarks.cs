using BenchmarkDotNet.Attributes;
using DistTrain.Core.Jobs;
using DistTrain.Core.Optimizers;

namespace DistTrain.Benchmarks;

/// <summary>One step of each optimizer: gradient read, weights and states read and written.</summary>
public unsafe class OptimizerBenchmarks : KernelBenchmarks
{
    private readonly IElementwiseOptimizer _sgd = Of(OptimizerKind.Sgd, 0, nesterov: false);
    private readonly IElementwiseOptimizer _momentum = Of(OptimizerKind.Sgd, 0.9, nesterov: false);
    private readonly IElementwiseOptimizer _nesterov = Of(OptimizerKind.Sgd, 0.9, nesterov: true);
    private readonly IElementwiseOptimizer _rmsProp = Of(OptimizerKind.RmsProp, 0, nesterov: false);
    private readonly IElementwiseOptimizer _adam = Of(OptimizerKind.Adam, 0, nesterov: false);
    private readonly IElementwiseOptimizer _adamW = Of(OptimizerKind.AdamW, 0, nesterov: false);

    protected override int Vectors => 4;

    [Benchmark, Traffic(12)]
    public void Sgd() => Step(_sgd);

    [Benchmark, Traffic(20)]
    public void SgdMomentum() => Step(_momentum);

    [Benchmark, Traffic(20)]
    public void SgdNesterov() => Step(_nesterov);

    [Benchmark, Traffic(20)]
    public void RmsProp() => Step(_rmsProp);

    [Benchmark, Traffic(28)]
    public void Adam() => Step(_adam);

    [Benchmark, Traffic(28)]
    public void AdamW() => Step(_adamW);

    private void Step(IElementwiseOptimizer optimizer)
        => optimizer.Step(
            new OptimizerStep(1e-6, 1e-3f, 1000), Vector(0), Vector(1), Vector(2), Vector(3), Elements);

    private static IElementwiseOptimizer Of(OptimizerKind kind, double momentum, bool nesterov)
        => (IElementwiseOptimizer)OptimizerFactory.Create(
            new() { Kind = kind, Momentum = momentum, Nesterov = nesterov, WeightDecay = 1e-4 });
}

using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Optimizers;

/// <summary>Every path of every optimizer, by a name that reads well in a test's title.</summary>
public static class OptimizerCases
{
    private static readonly Dictionary<string, OptimizerSpec> Specs = new()
    {
        ["sgd"] = new() { Kind = OptimizerKind.Sgd },
        ["sgd, decay"] = new() { Kind = OptimizerKind.Sgd, WeightDecay = 0.01 },
        ["sgd, momentum"] = new() { Kind = OptimizerKind.Sgd, Momentum = 0.9 },
        ["sgd, momentum, decay"] = new() { Kind = OptimizerKind.Sgd, Momentum = 0.8, WeightDecay = 0.01 },
        ["sgd, nesterov, decay"] =
            new() { Kind = OptimizerKind.Sgd, Momentum = 0.9, Nesterov = true, WeightDecay = 0.01 },
        ["rmsprop"] = new() { Kind = OptimizerKind.RmsProp },
        ["rmsprop, momentum, decay"] =
            new() { Kind = OptimizerKind.RmsProp, Momentum = 0.5, Alpha = 0.9, WeightDecay = 0.01 },
        ["adam"] = new() { Kind = OptimizerKind.Adam },
        ["adam, decay"] = new() { Kind = OptimizerKind.Adam, Beta1 = 0.8, Beta2 = 0.99, WeightDecay = 0.01 },
        ["adamw"] = new() { Kind = OptimizerKind.AdamW },
        ["adamw, decay"] = new() { Kind = OptimizerKind.AdamW, Epsilon = 1e-3, WeightDecay = 0.05 },
    };

    internal static IEnumerable<string> All => Specs.Keys;

    public static TheoryData<string> Names => [.. Specs.Keys];

    internal static OptimizerSpec Spec(string name) => Specs[name];

    /// <summary>
    /// Gradients that pull towards a moving target, so that weights neither vanish nor explode.
    /// </summary>
    internal static float[] Gradient(ReadOnlySpan<float> weights, int step)
    {
        float[] gradient = new float[weights.Length];
        for (int i = 0; i < gradient.Length; i++)
            gradient[i] = (float)(weights[i] - Math.Sin(0.1 * step + i) + 0.3 * Math.Cos(step * (i + 1.7)));
        return gradient;
    }

    internal static float[] Weights(int length)
        => [.. Enumerable.Range(0, length).Select(i => (float)Math.Sin(i * 1.3) * 2)];
}

using System.Text.Json;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Optimizers;

public sealed class OptimizerPyTorchTests
{
    private const int Length = 21, Steps = 100;

    /// <summary>
    /// Same start, same gradients: float32 against float32, which differ by rounding alone. One script for
    /// all optimizers, for loading PyTorch takes longer than running it.
    /// </summary>
    [SkippableFact]
    public void A_hundred_steps_of_every_optimizer_follow_PyTorch()
    {
        float[] start = OptimizerCases.Weights(Length);
        float[][] gradients =
            [.. Enumerable.Range(0, Steps).Select(step => OptimizerCases.Gradient(start, step))];
        string[] names = [.. OptimizerCases.All];

        float[][] expected = PyTorch.Run<float[][]>($"""
            def run(create):
                w = torch.nn.Parameter(torch.tensor({Json(start)}))
                o = create(w)
                for g in gradients:
                    w.grad = torch.tensor(g)
                    o.step()
                return w.detach().tolist()
            gradients = {Json(gradients)}
            optimizers = [{string.Join(", ", names.Select(name => Constructor(OptimizerCases.Spec(name))))}]
            print(json.dumps([run(create) for create in optimizers]))
            """);

        foreach ((string name, float[] weights) in names.Zip(expected))
        {
            using OptimizerBench bench = new(OptimizerCases.Spec(name), start);
            foreach (float[] gradient in gradients)
                bench.Step(gradient, 0.01);
            for (int i = 0; i < Length; i++)
                bench.Weights[i].ShouldBe(weights[i], 2e-6f * (1 + Math.Abs(weights[i])), $"{name}: {i}");
        }
    }

    private static string Constructor(OptimizerSpec spec)
    {
        string shared = $"[w], lr=0.01, weight_decay={spec.WeightDecay}";
        string adam = $"{shared}, betas=({spec.Beta1}, {spec.Beta2}), eps={spec.Epsilon}";
        string nesterov = spec.Nesterov ? "True" : "False";
        return spec.Kind switch
        {
            OptimizerKind.Sgd => $"lambda w: torch.optim.SGD({shared}, momentum={spec.Momentum}, "
                + $"nesterov={nesterov})",
            OptimizerKind.RmsProp => $"lambda w: torch.optim.RMSprop({shared}, alpha={spec.Alpha}, "
                + $"momentum={spec.Momentum}, eps={spec.Epsilon})",
            OptimizerKind.Adam => $"lambda w: torch.optim.Adam({adam})",
            OptimizerKind.AdamW => $"lambda w: torch.optim.AdamW({adam})",
            _ => throw new ArgumentOutOfRangeException(nameof(spec)),
        };
    }

    private static string Json<T>(T value) => JsonSerializer.Serialize(value);
}

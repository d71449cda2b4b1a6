using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.LibTorch.Tests.Reference;
using Engine = DistTrain.LibTorch.Tests.Reference.Engine;

namespace DistTrain.LibTorch.Tests.Numerics;

/// <summary>Same start, same batches, same optimizer: the loss must follow PyTorch's.</summary>
public class TrainingTests
{
    private const int Steps = 50;

    // At a rate of 0.01 resnet8 on batches of 8 is chaotic: PyTorch's own float32 and float64 runs differ by
    // 2e-3 after 50 steps. A tenth of the rate leaves a curve that can be compared.
    [SkippableTheory]
    [InlineData("mlp", 1, 28, 32, "sgd", 0.01)]
    [InlineData("mlp", 1, 28, 32, "adamw", 1e-4)]
    [InlineData("cnn", 1, 28, 8, "sgd", 0.01)]
    [InlineData("cnn", 1, 28, 8, "adamw", 1e-4)]
    [InlineData("resnet8", 3, 32, 8, "sgd", 0.001)]
    [InlineData("resnet8", 3, 32, 8, "adamw", 1e-4)]
    public void The_loss_follows_PyTorch(
        string preset, int channels, int size, int batch, string optimizer, double rate)
    {
        using var engine = Engine.Open();
        PyTorch.Require();
        using var test = new ReferenceCase(
            new ModelSpec { Preset = preset }, SampleShape.Image(channels, size, size), 10, Steps * batch);
        using var folder = new TemporaryFolder();
        test.Write(folder.Path, batch, Steps, optimizer, rate);
        PyTorch.Run("train", folder.Path);
        var losses = PyTorch.Result(folder.Path).GetProperty("losses");
        double[] expected = [.. losses.EnumerateArray().Select(loss => loss.GetDouble())];

        var update = optimizer == "sgd" ? Sgd(test, rate) : AdamW(test, rate);
        double[] actual = Train(engine, test, batch, update);

        for (int step = 0; step < Steps; step++)
        {
            double error = Math.Abs(actual[step] - expected[step]) / Math.Abs(expected[step]);
            error.ShouldBeLessThan(
                step < 20 ? 1e-5 : 1e-4, $"step {step}: {actual[step]} and {expected[step]}");
        }
    }

    private static double[] Train(
        IEngine engine, ReferenceCase test, int batch, Action<NativeBuffer<float>, int> update)
    {
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        var losses = new double[Steps];
        for (int step = 0; step < Steps; step++)
        {
            using var samples = test.Batch(step * batch, batch);
            losses[step] = replica.ComputeGradient(samples, 0, gradient).LossSum / batch;
            foreach (ref float value in gradient.Span)
            {
                value /= batch;
            }

            update(gradient, step + 1);
            for (long i = test.Layout.ParameterCount; i < test.Layout.TotalCount; i++)
            {
                test.Parameters.Span[(int)i] += gradient.Span[(int)i];
            }

            replica.RefreshParameters();
        }

        return losses;
    }

    // Written out here, so that the engine is judged without the optimizers of the core.
    private static Action<NativeBuffer<float>, int> Sgd(ReferenceCase test, double rate)
    {
        var velocity = new float[test.Layout.ParameterCount];
        return (gradient, _) =>
        {
            for (int i = 0; i < velocity.Length; i++)
            {
                velocity[i] = 0.9f * velocity[i] + gradient.Span[i];
                test.Parameters.Span[i] -= (float)rate * velocity[i];
            }
        };
    }

    private static Action<NativeBuffer<float>, int> AdamW(ReferenceCase test, double rate)
    {
        var first = new float[test.Layout.ParameterCount];
        var second = new float[test.Layout.ParameterCount];
        return (gradient, step) =>
        {
            double corrected = rate / (1 - Math.Pow(0.9, step));
            double root = Math.Sqrt(1 - Math.Pow(0.999, step));
            for (int i = 0; i < first.Length; i++)
            {
                float g = gradient.Span[i];
                ref float weight = ref test.Parameters.Span[i];
                weight *= (float)(1 - rate * 0.01);
                first[i] = 0.9f * first[i] + 0.1f * g;
                second[i] = 0.999f * second[i] + 0.001f * g * g;
                weight -= (float)(corrected * first[i] / (Math.Sqrt(second[i]) / root + 1e-8));
            }
        };
    }
}

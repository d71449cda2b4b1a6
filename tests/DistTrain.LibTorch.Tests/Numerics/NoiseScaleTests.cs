using System.Text.Json;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Noise;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;
using DistTrain.LibTorch.Tests.Reference;
using Engine = DistTrain.LibTorch.Tests.Reference.Engine;

namespace DistTrain.LibTorch.Tests.Numerics;

/// <summary>
/// The noise scale of real gradients, from the engine's float32 and the program's sums of squares, against
/// the variance of the same shards' gradients in PyTorch's float64.
/// </summary>
public sealed unsafe class NoiseScaleTests
{
    private const double Rate = 0.01;

    // Shards of 16; of 12 and 13; and with running statistics, which are no part of the gradient.
    [SkippableTheory]
    [InlineData("mlp", 1, 28, 128, 8, 20)]
    [InlineData("mlp", 1, 28, 100, 8, 10)]
    [InlineData("resnet8", 3, 32, 10, 4, 2)]
    public void The_noise_scale_of_the_first_steps_agrees_with_PyTorch(
        string preset, int channels, int size, int batch, int shards, int steps)
    {
        using var engine = Engine.Open();
        PyTorch.Require();
        using var test = new ReferenceCase(
            new ModelSpec { Preset = preset }, SampleShape.Image(channels, size, size), 10, steps * batch);
        using var folder = new TemporaryFolder();
        test.Write(folder.Path, batch, steps, "sgd", Rate, shards);
        PyTorch.Run("noise", folder.Path);
        JsonElement expected = PyTorch.Result(folder.Path);

        var state = new NoiseScaleState();
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        foreach (JsonElement parts in expected.GetProperty("parts").EnumerateArray())
        {
            GradientNoise noise = Step(replica, test, (int)state.Steps, batch, shards);
            double trace = parts[0].GetDouble(), square = parts[1].GetDouble();
            noise.Trace.ShouldBe(trace, 1e-4 * trace);
            // |G|² is a difference of numbers that may be larger than itself.
            noise.Square.ShouldBe(square, 1e-4 * (Math.Abs(square) + trace / batch));
            state = state.After(noise, stride: 1);
        }
        double scale = expected.GetProperty("scale").GetDouble();
        state.RunScale()!.Value.ShouldBe(scale, 1e-3 * scale);
    }

    private static GradientNoise Step(
        IReplica replica, ReferenceCase test, int step, int batch, int shards)
    {
        long count = test.Layout.ParameterCount;
        using var sum = new NativeBuffer<float>(test.Layout.TotalCount);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        sum.Span.Clear();
        double squaresPerSample = 0;
        for (int shard = 0; shard < shards; shard++)
        {
            (int start, int samples) = ShardPlan.SamplesOf(shard, shards, batch);
            using var part = test.Batch(step * batch + start, samples);
            replica.ComputeGradient(part, 0, gradient);
            squaresPerSample += GradientSquares.Sum(gradient.Pointer, count) / samples;
            TreeReduction.Add(sum.Pointer, gradient.Pointer, sum.Length);
        }
        for (int i = 0; i < count; i++)
        {
            test.Parameters.Span[i] -= (float)(Rate / batch) * sum.Span[i];
        }
        replica.RefreshParameters();
        double norm = Math.Sqrt(GradientSquares.Sum(sum.Pointer, count));
        return GradientNoise.Of(squaresPerSample, shards, norm, batch)!.Value;
    }
}

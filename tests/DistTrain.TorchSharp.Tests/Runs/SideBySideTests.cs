using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.LibTorch;
using DistTrain.Runs.Summaries;
using NativeEngine = DistTrain.LibTorch.Tests.Reference.Engine;

namespace DistTrain.TorchSharp.Tests.Runs;

/// <summary>
/// Whole runs by TorchSharp and by the native engine, where one libtorch serves both. The native engine has
/// kernels of its own for the host; without them, as on a GPU, both do the same operations, and then the
/// weights have the same bits.
/// </summary>
public sealed class SideBySideTests : IDisposable
{
    private readonly ShortRuns _runs = new();

    public static TheoryData<string> Models => new()
    {
        """{ "preset": "mlp", "hidden": [64, 32] }""",
        """{ "preset": "mlp", "hidden": [64], "dropout": 0.3, "activation": "gelu" }""",
        """{ "preset": "cnn" }""",
        """{ "preset": "lenet" }""",
    };

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public async Task The_losses_of_fifty_steps_agree_to_one_in_a_million(string model)
    {
        using LibTorchEngine native = NativeEngine.Open();
        JobSpec job = ShortRuns.Job(model);

        var (expected, _) = await _runs.TrainAsync(native, job, name: "native");
        var (actual, _) = await _runs.TrainAsync(new TorchSharpEngine(), job, name: "torchsharp");

        expected.Length.ShouldBe(50);
        actual.Length.ShouldBe(50);
        for (int step = 0; step < expected.Length; step++)
        {
            (Math.Abs(actual[step] - expected[step]) / expected[step]).ShouldBeLessThan(1e-6, $"step {step}");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Models))]
    [InlineData("""{ "preset": "resnet8", "dropout": 0.1 }""")]
    public async Task The_weights_have_the_same_bits_where_both_use_the_same_kernels(string model)
    {
        using LibTorchEngine native = NativeEngine.Open(asDevice: true);
        JobSpec job = ShortRuns.Job(model, train: model.Contains("resnet8") ? 96 : 640);

        var (expected, first) = await _runs.TrainAsync(native, job, workers: 2, name: "native");
        var (actual, second) = await _runs.TrainAsync(
            new TorchSharpEngine(), job, workers: 2, name: "torchsharp");

        actual.ShouldBe(expected);
        second.WeightsSha256.ShouldNotBeNull();
        second.WeightsSha256.ShouldBe(first.WeightsSha256);
    }

    public void Dispose() => _runs.Dispose();
}

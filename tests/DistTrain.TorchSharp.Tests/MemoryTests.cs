using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.TorchSharp.Tests;

/// <summary>
/// What a step makes is gone with the step. Run alone, because TorchSharp counts the tensors of the process.
/// </summary>
[Collection(nameof(ThreadsTests))]
public sealed class MemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Steps_leave_no_tensors_behind_and_neither_does_a_replica(bool asDevice)
    {
        var engine = new TorchSharpEngine { WorksAsDevice = asDevice };
        using var test = new ReferenceCase(
            new ModelSpec { Preset = "resnet8", Dropout = 0.3 }, SampleShape.Image(3, 32, 32), 10, 4);
        Step(engine, test, steps: 1);
        long before = Tensor.TotalCount;

        long afterOne = Step(engine, test, steps: 1);
        long afterMany = Step(engine, test, steps: 7);

        afterMany.ShouldBe(afterOne);
        Tensor.TotalCount.ShouldBe(before);
    }

    /// <summary>Tensors that are alive after so many steps, the replica with them.</summary>
    private static long Step(TorchSharpEngine engine, ReferenceCase test, int steps)
    {
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        using var one = new NativeBuffer<float>(test.Layout.TotalCount);
        using var two = new NativeBuffer<float>(test.Layout.TotalCount);
        using var batch = test.Batch(0, 4);
        for (int i = 0; i < steps; i++)
        {
            replica.RefreshParameters();
            replica.ComputeGradient(batch, 1, one);
            replica.ComputeGradient(batch, 1, two);
            replica.Evaluate(batch);
        }

        return Tensor.TotalCount;
    }
}

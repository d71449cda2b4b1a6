using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.LibTorch.Tests.Reference;
using Engine = DistTrain.LibTorch.Tests.Reference.Engine;

namespace DistTrain.LibTorch.Tests;

/// <summary>
/// Copies beside the computation. On the CPU they are made as late as the rules of a device's streams allow,
/// so that whatever is not waited for is not there.
/// </summary>
public class TransferTests
{
    private const int Samples = 8;

    [SkippableFact]
    public void A_gradient_is_in_its_buffer_when_it_is_settled_and_not_before()
    {
        Skip.IfNot(Engine.Device == "cpu", "a GPU may be faster than that");
        using var engine = Engine.Open(asDevice: true);
        using var test = Case();
        using IReplica replica = engine.CreateReplica(test.Options, test.Parameters);
        using MicroBatch batch = test.Batch(0, Samples);
        using NativeBuffer<float> gradient = Blank(test), other = Blank(test);

        replica.ComputeGradient(batch, 1, gradient, lossFactor: 1);
        gradient.Span.ToArray().ShouldAllBe(value => float.IsNaN(value));
        replica.Settle(other);
        gradient.Span.ToArray().ShouldAllBe(value => float.IsNaN(value));
        other.Span.ToArray().ShouldAllBe(value => float.IsNaN(value));
        replica.Settle(gradient);
        gradient.Span.ToArray().ShouldAllBe(value => float.IsFinite(value));
    }

    /// <summary>Sizes that grow, shrink and repeat; batches that change while copies are due.</summary>
    [SkippableTheory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.Bf16)]
    public void Many_shards_in_a_row_have_the_bits_of_each_alone(Precision precision)
    {
        using var engine = Engine.Open(asDevice: true);
        using var test = Case();
        ReplicaOptions options = test.Options with { Precision = precision };
        (int First, int Count)[] shards =
            [(0, 2), (2, 2), (4, 2), (0, 8), (1, 3), (4, 4), (0, 8), (7, 1), (6, 2), (2, 5)];
        float[][] alone = [.. shards.Select(shard => Alone(engine, test, options, shard))];

        using IReplica replica = engine.CreateReplica(options, test.Parameters);
        List<NativeBuffer<float>> buffers = [.. shards.Select(_ => Blank(test))];
        using var batch = test.Batch(0, Samples);
        for (int i = 0; i < shards.Length; i++)
        {
            using MicroBatch samples = test.Batch(shards[i].First, shards[i].Count);
            batch.Count = samples.Count;
            samples.Inputs.Span.CopyTo(batch.Inputs.Span);
            samples.Labels.Span.CopyTo(batch.Labels.Span);
            replica.ComputeGradient(batch, 1, buffers[i], lossFactor: 1);
            // The caller's memory is the caller's again.
            batch.Inputs.Span.Fill(float.NaN);
        }

        for (int i = 0; i < shards.Length; i++)
        {
            replica.Settle(buffers[i]);
            buffers[i].Span.ToArray().ShouldBe(alone[i], $"shard {i}");
            buffers[i].Dispose();
        }
    }

    [SkippableFact]
    public void New_weights_may_come_while_a_gradient_is_on_its_way()
    {
        using var engine = Engine.Open(asDevice: true);
        using var test = Case();
        float[] before = Alone(engine, test, test.Options, (0, Samples));
        using IReplica replica = engine.CreateReplica(test.Options, test.Parameters);
        using MicroBatch batch = test.Batch(0, Samples);
        using NativeBuffer<float> first = Blank(test), second = Blank(test);

        replica.ComputeGradient(batch, 1, first, lossFactor: 1);
        foreach (ref float value in test.Parameters.Span)
        {
            value *= 1.25f;
        }
        replica.RefreshParameters();
        replica.ComputeGradient(batch, 1, second, lossFactor: 1);
        replica.Settle(second);

        first.Span.ToArray().ShouldBe(before);
        second.Span.ToArray().ShouldBe(Alone(engine, test, test.Options, (0, Samples)));
        second.Span.ToArray().ShouldNotBe(before);
    }

    [SkippableFact]
    public void A_replica_may_end_with_a_gradient_on_its_way()
    {
        using var engine = Engine.Open(asDevice: true);
        using var test = Case();
        using MicroBatch batch = test.Batch(0, Samples);
        using NativeBuffer<float> gradient = Blank(test);
        IReplica replica = engine.CreateReplica(test.Options, test.Parameters);
        replica.ComputeGradient(batch, 1, gradient, lossFactor: 1);
        replica.Dispose();
        gradient.Span.ToArray().ShouldAllBe(value => float.IsNaN(value));
    }

    private static ReferenceCase Case()
        => new(new ModelSpec { Preset = "resnet8" }, SampleShape.Image(3, 32, 32), 10, Samples);

    private static NativeBuffer<float> Blank(ReferenceCase test)
    {
        var buffer = new NativeBuffer<float>(test.Layout.TotalCount);
        buffer.Span.Fill(float.NaN);
        return buffer;
    }

    private static float[] Alone(
        LibTorchEngine engine, ReferenceCase test, ReplicaOptions options, (int First, int Count) shard)
    {
        using IReplica replica = engine.CreateReplica(options, test.Parameters);
        using MicroBatch batch = test.Batch(shard.First, shard.Count);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        replica.ComputeGradient(batch, 1, gradient);
        return gradient.Span.ToArray();
    }
}

using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.LibTorch.Tests.Contract;

/// <summary>What the bit guarantee asks of a replica, and how it answers to bad input.</summary>
public abstract class ReplicaContract<TEngine> where TEngine : IEngineUnderTest
{
    private static readonly ModelSpec ResNet = new() { Preset = "resnet8", Dropout = 0.3 };
    private static readonly SampleShape Cifar = SampleShape.Image(3, 32, 32);

    [SkippableFact]
    public void Two_replicas_in_two_threads_give_the_same_bits()
    {
        var engine = TEngine.Open();
        using var test = new ReferenceCase(ResNet, Cifar, 10, 12);
        var results = new float[2][];
        var threads = Enumerable.Range(0, 2)
            .Select(i => new Thread(() => results[i] = Gradients(engine, test, 7, repeat: 5)))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        results[0].ShouldBe(results[1]);
        results[0].ShouldBe(Gradients(engine, test, 7, repeat: 1));
    }

    [SkippableFact]
    public void Dropout_is_keyed_by_the_seed_alone()
    {
        var engine = TEngine.Open();
        using var test = new ReferenceCase(ResNet, Cifar, 10, 12);

        float[] one = Gradients(engine, test, 1, repeat: 1);

        Gradients(engine, test, 1, repeat: 3).ShouldBe(one);
        Gradients(engine, test, 2, repeat: 1).SequenceEqual(one).ShouldBeFalse();
    }

    [SkippableFact]
    public void Dropout_keeps_the_share_it_should_and_scales_by_its_inverse()
    {
        var engine = TEngine.Open();
        // The weight gradient of one output unit over a batch of one is the input after dropout, times a
        // constant.
        var spec = new ModelSpec
        {
            Layers =
            [
                new LayerSpec { Kind = LayerKind.Dropout, Probability = 0.25 },
                new LayerSpec { Kind = LayerKind.Linear, Out = 1, Bias = false },
            ],
        };
        using var test = new ReferenceCase(spec, SampleShape.Vector(20_000), 1, 1)
        {
            Loss = LossKind.MeanSquaredError,
            Regression = true,
        };
        test.Inputs.AsSpan().Fill(1);

        float[] gradient = Gradients(engine, test, 5, repeat: 1);

        double kept = gradient.Count(value => value != 0) / (double)gradient.Length;
        kept.ShouldBe(0.75, 5 * Math.Sqrt(0.75 * 0.25 / gradient.Length));
        gradient.Where(value => value != 0).Distinct().Count().ShouldBe(1);
    }

    [SkippableFact]
    public void Batches_of_any_size_may_follow_one_another()
    {
        var engine = TEngine.Open();
        using var test = new ReferenceCase(ResNet, Cifar, 10, 12);
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        var seen = new Dictionary<int, float[]>();
        foreach (int count in (int[])[3, 12, 1, 7, 12, 3, 1, 7])
        {
            using var batch = test.Batch(0, count);
            replica.Evaluate(batch);
            replica.ComputeGradient(batch, 9, gradient);
            float[] bits = gradient.Span.ToArray();
            bits.ShouldAllBe(value => float.IsFinite(value));
            if (!seen.TryAdd(count, bits))
            {
                bits.ShouldBe(seen[count]);
            }
        }
    }

    [SkippableTheory]
    [InlineData(-1)]
    [InlineData(10)]
    [InlineData(long.MaxValue)]
    public void A_label_out_of_range_is_an_error_and_the_replica_lives_on(long label)
    {
        var engine = TEngine.Open();
        using var test = new ReferenceCase(
            new ModelSpec { Preset = "mlp" }, SampleShape.Image(1, 28, 28), 10, 4);
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        using var batch = test.Batch(0, 4);
        long right = batch.Labels.Span[2];
        batch.Labels.Span[2] = label;

        Should.Throw<RunFaultException>(() => replica.ComputeGradient(batch, 0, gradient)).Message
            .ShouldBe($"The engine reports: sample 2 of the batch has label {label}, "
                + "the model has classes 0 to 9");
        Should.Throw<RunFaultException>(() => replica.Evaluate(batch));

        batch.Labels.Span[2] = right;
        double.IsFinite(replica.ComputeGradient(batch, 0, gradient).LossSum).ShouldBeTrue();
    }

    [SkippableTheory]
    [InlineData("cuda:0")]
    [InlineData("cuda:99")]
    public void Cuda_without_cuda_is_a_clear_fault(string device)
    {
        TEngine.Open();
        Skip.If(File.Exists("/dev/nvidia0"), "this machine has a GPU");

        Should.Throw<UserFaultException>(() => TEngine.OpenFor(device))
            .Message.ShouldMatch($"^device \"{device}\": .*(has no CUDA|driver|GPU).*cpu");
    }

    [SkippableTheory]
    [InlineData("gpu")]
    [InlineData("cuda")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:99999999999")]
    public void An_unknown_device_is_a_clear_fault(string device)
    {
        TEngine.Open();

        Should.Throw<UserFaultException>(() => TEngine.OpenFor(device))
            .Message.ShouldStartWith($"device \"{device}\" is not known; use \"cpu\", \"cuda:N\"");
    }

    [SkippableFact]
    public void Batch_norm_without_anything_to_average_is_an_error()
    {
        var engine = TEngine.Open();
        var spec = new ModelSpec
        {
            Layers =
            [
                new LayerSpec { Kind = LayerKind.BatchNorm2d }, new LayerSpec { Kind = LayerKind.Flatten },
                new LayerSpec { Kind = LayerKind.Linear, Out = 3 },
            ],
        };
        using var test = new ReferenceCase(spec, SampleShape.Image(4, 1, 1), 3, 1);

        Should.Throw<RunFaultException>(() => Gradients(engine, test, 0, 1))
            .Message.ShouldMatch("more than (one|1) value per channel");
    }

    private static float[] Gradients(IEngine engine, ReferenceCase test, ulong seed, int repeat)
    {
        using var replica = engine.CreateReplica(test.Options, test.Parameters);
        using var gradient = new NativeBuffer<float>(test.Layout.TotalCount);
        using var batch = test.Batch(0, test.Labels.Length);
        for (int i = 0; i < repeat; i++)
        {
            replica.ComputeGradient(batch, seed, gradient);
        }

        return gradient.Span.ToArray();
    }
}

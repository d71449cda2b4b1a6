using System.Text.RegularExpressions;
using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Core.Sampling;
using DistTrain.LibTorch.Tests.Reference;
using Engine = DistTrain.LibTorch.Tests.Reference.Engine;

namespace DistTrain.LibTorch.Tests;

/// <summary>Models that come as TorchScript files, sound and otherwise. Samples are 1×3×4, classes
/// three.</summary>
public sealed class TorchScriptTests(TorchScriptTests.Files files) : IClassFixture<TorchScriptTests.Files>
{
    private const int Samples = 6;
    private static readonly SampleShape Shape = SampleShape.Image(1, 3, 4);

    [SkippableFact]
    public void A_script_has_the_gradient_of_the_layer_list_that_it_says()
    {
        using var engine = files.Open();
        LayerSpec[] layers =
        [
            new() { Kind = LayerKind.Flatten }, new() { Kind = LayerKind.Linear, Out = 8 },
            new() { Kind = LayerKind.Tanh }, new() { Kind = LayerKind.Linear, Out = 3 },
        ];
        var listed = ModelPlanner.Plan(new ModelSpec { Layers = layers }, Shape, 3);
        var scripted = Plan("plain.pt");
        var layout = engine.LayoutOf(scripted);
        layout.Slots.Select(slot => slot.Name).ShouldBe(listed.Layout!.Slots.Select(slot => slot.Name));
        layout.ParameterCount.ShouldBe(listed.Layout.ParameterCount);
        using var parameters = Initial(engine, scripted);

        var (one, first) = Run(engine, scripted, parameters, 0);
        var (two, second) = Run(engine, listed, parameters, 0);

        first.LossSum.ShouldBe(second.LossSum, 1e-6);
        first.Correct.ShouldBe(second.Correct);
        one.Zip(two).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-5);
        one.ShouldContain(value => value != 0);
    }

    [SkippableFact]
    public void Random_scripts_are_keyed_by_the_seed_across_threads()
    {
        using var engine = files.Open();
        // A script that ran before, any script, must not hide that this one draws.
        var before = Plan("plain.pt");
        using (var others = Initial(engine, before))
        {
            Run(engine, before, others, 0);
        }

        var plan = Plan("dropout.pt");
        using var parameters = Initial(engine, plan);
        float[] one = Run(engine, plan, parameters, 1).Gradient;
        float[] two = Run(engine, plan, parameters, 2).Gradient;
        one.SequenceEqual(two).ShouldBeFalse();

        var same = new bool[4];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            ulong seed = i % 2 == 0 ? 1u : 2u;
            same[i] = Enumerable.Range(0, 20)
                .All(_ => Run(engine, plan, parameters, seed).Gradient.SequenceEqual(i % 2 == 0 ? one : two));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        same.ShouldAllBe(holds => holds);
    }

    [SkippableFact]
    public void Batch_norm_changes_go_to_the_tail_and_leave_the_buffers_alone()
    {
        using var engine = files.Open();
        var plan = Plan("norm.pt");
        LayerSpec[] layers =
        [
            new() { Kind = LayerKind.Conv2d, Out = 4, Kernel = 3, Padding = 1 },
            new() { Kind = LayerKind.BatchNorm2d },
            new() { Kind = LayerKind.Relu }, new() { Kind = LayerKind.Flatten },
            new() { Kind = LayerKind.Linear, Out = 3 },
        ];
        var listed = ModelPlanner.Plan(new ModelSpec { Layers = layers }, Shape, 3);
        using var parameters = Initial(engine, plan);
        float[] before = parameters.Span.ToArray();

        float[] scripted = Run(engine, plan, parameters, 0).Gradient;
        float[] expected = Run(engine, listed, parameters, 0).Gradient;

        engine.LayoutOf(plan).BufferCount.ShouldBe(8);
        scripted.Zip(expected).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4);
        scripted[^8..].ShouldContain(value => value != 0);
        parameters.Span.SequenceEqual(before).ShouldBeTrue();
        Run(engine, plan, parameters, 0, repeat: 4).Gradient.ShouldBe(scripted);
    }

    [SkippableTheory]
    [InlineData("plain.pt")]
    [InlineData("dropout.pt")]
    [InlineData("norm.pt")]
    [InlineData("frozen.pt")]
    [InlineData("tabled.pt")]
    public void A_script_gives_the_same_bits_as_on_a_device(string file)
    {
        using var engine = files.Open();
        using var other = Engine.Open(asDevice: true);
        var plan = Plan(file);
        using var parameters = Initial(engine, plan);

        var (shared, first) = Run(engine, plan, parameters, 3, repeat: 2);
        var (copied, second) = Run(other, plan, parameters, 3, repeat: 2);

        copied.ShouldBe(shared);
        second.ShouldBe(first);
        copied.ShouldContain(value => value != 0);
    }

    [SkippableFact]
    public void Frozen_parameters_are_buffers_that_do_not_change()
    {
        using var engine = files.Open();
        var plan = Plan("frozen.pt");
        using var parameters = Initial(engine, plan);

        float[] gradient = Run(engine, plan, parameters, 0).Gradient;

        engine.LayoutOf(plan).ParameterCount.ShouldBe(8 * 3 + 3);
        gradient[^(12 * 8 + 8)..].ShouldAllBe(value => value == 0);
    }

    [SkippableTheory]
    [InlineData("missing.pt", "missing or cannot be read")]
    [InlineData("state.pt", "no TorchScript archive")]
    [InlineData("narrow.pt", "for 2 samples it gives Float [2, 2], it must give Float [2, 3]")]
    [InlineData("misfit.pt", "the model does not take this data's samples")]
    [InlineData("tuple.pt", "its output is a Tuple, it must be one tensor")]
    [InlineData("double.pt", "is Double; all must be float32")]
    [InlineData("empty.pt", "no trained parameters")]
    [InlineData("constants.pt", "no trained parameters; torch.jit.freeze makes constants of them")]
    [InlineData("shape.pt", "tensor 1.weight claims more numbers than the file holds", "damaged")]
    [InlineData("storage.pt", "tensor 1.weight claims more numbers than the file holds")]
    [InlineData("constant.pt", "a constant claims more numbers than the file holds")]
    public void An_unusable_model_is_one_clear_fault(string file, string says, string? libtorchSays = null)
    {
        using var engine = files.Open();

        var fault = Should.Throw<UserFaultException>(() => engine.LayoutOf(Plan(file)));

        // Some of it libtorch finds by itself when it opens the file, in newer versions (2.14).
        fault.Message.ShouldMatch($"{Regex.Escape(says)}|{Regex.Escape(libtorchSays ?? says)}");
        fault.Message.ShouldNotContain('\n');
    }

    [SkippableFact]
    public void A_damaged_file_is_a_clear_fault_wherever_it_is_damaged()
    {
        using var engine = files.Open();
        byte[] whole = File.ReadAllBytes(files.PathOf("plain.pt"));
        string path = files.PathOf("damaged.pt");
        for (int cut = 0; cut < whole.Length; cut += whole.Length / 23)
        {
            File.WriteAllBytes(path, whole[..cut]);
            using var fresh = new LibTorchEngine();
            Should.Throw<UserFaultException>(() => fresh.LayoutOf(Plan("damaged.pt")), $"cut at {cut}")
                .Message.ShouldNotContain('\n');
        }

        for (ulong i = 0; i < 60; i++)
        {
            byte[] bad = [.. whole];
            for (ulong k = 0; k < 8; k++)
            {
                bad[KeyedRandom.Below(i, k, bad.Length)] ^= (byte)(1 + KeyedRandom.Below(i, k + 100, 255));
            }

            File.WriteAllBytes(path, bad);
            using var fresh = new LibTorchEngine();
            // Damage to padding or to a comment may go unseen; a fault of any other kind, or a crash, may not
            // happen.
            try
            {
                fresh.LayoutOf(Plan("damaged.pt"));
            }
            catch (UserFaultException fault)
            {
                fault.Message.ShouldNotContain('\n');
            }
        }
    }

    private ModelPlan Plan(string file)
        => ModelPlanner.Plan(new ModelSpec { TorchScript = files.PathOf(file) }, Shape, 3);

    private static NativeBuffer<float> Initial(LibTorchEngine engine, ModelPlan plan)
    {
        var parameters = new NativeBuffer<float>(engine.LayoutOf(plan).TotalCount);
        engine.TryReadInitialValues(plan, 0, parameters).ShouldBeTrue();
        parameters.Span.ToArray().ShouldContain(value => value != 0);
        return parameters;
    }

    private static (float[] Gradient, ShardResult Result) Run(
        LibTorchEngine engine, ModelPlan plan, NativeBuffer<float> parameters, ulong seed, int repeat = 1)
    {
        var options = new ReplicaOptions(plan, LossKind.CrossEntropy, 0, Engine.Device, 1);
        using var replica = engine.CreateReplica(options, parameters);
        using var gradient = new NativeBuffer<float>(parameters.Length);
        using var batch = new MicroBatch(Samples, Shape, 0) { Count = Samples };
        for (int i = 0; i < batch.Inputs.Length; i++)
        {
            batch.Inputs.Span[i] = 2 * KeyedRandom.Uniform(5, (ulong)i) - 1;
        }

        for (int i = 0; i < Samples; i++)
        {
            batch.Labels.Span[i] = i % 3;
        }

        ShardResult result = default;
        for (int i = 0; i < repeat; i++)
        {
            result = replica.ComputeGradient(batch, seed, gradient);
            replica.Evaluate(batch).Count.ShouldBe(Samples);
        }

        return (gradient.Span.ToArray(), result);
    }

    /// <summary>The scripted models, written by PyTorch once for all tests here.</summary>
    public sealed class Files : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private bool _written;

        public string PathOf(string file) => _folder.File(file);

        public LibTorchEngine Open()
        {
            var engine = Engine.Open();
            PyTorch.Require();
            if (!_written)
            {
                PyTorch.Run("script", _folder.Path);
                _written = true;
            }

            return engine;
        }

        public void Dispose() => _folder.Dispose();
    }
}

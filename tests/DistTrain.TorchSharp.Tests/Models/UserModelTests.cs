using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Core.Sampling;
using DistTrain.LibTorch.Tests.Reference;

namespace DistTrain.TorchSharp.Tests.Models;

/// <summary>Modules of users, sound and otherwise.</summary>
public sealed class UserModelTests : IDisposable
{
    private const int Samples = 6;
    private static readonly SampleShape Shape = SampleShape.Image(1, 3, 4);
    private static readonly string Own = typeof(UserModelTests).Assembly.Location;
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_module_has_the_gradient_of_the_layer_list_that_it_says()
    {
        var engine = new TorchSharpEngine();
        LayerSpec[] layers =
            [new() { Kind = LayerKind.Flatten }, new() { Kind = LayerKind.Linear, Out = 3 }];
        var listed = ModelPlanner.Plan(new ModelSpec { Layers = layers }, Shape, 3);
        var plan = Plan<Plain>();
        engine.LayoutOf(plan).Slots.Select(slot => slot.Name).ShouldBe(["_layer.weight", "_layer.bias"]);
        using var parameters = Initial(engine, plan);

        var (one, first) = Run(engine, plan, parameters);
        var (two, second) = Run(engine, listed, parameters);

        one.ShouldBe(two);
        one.ShouldContain(value => value != 0);
        first.ShouldBe(second);
    }

    [Fact]
    public void Tied_weights_have_one_slot_and_frozen_ones_do_not_change()
    {
        var engine = new TorchSharpEngine();
        var plan = Plan<Tied>();
        ParameterLayout layout = engine.LayoutOf(plan);
        using var parameters = Initial(engine, plan);
        float[] before = parameters.Span.ToArray();

        float[] gradient = Run(engine, plan, parameters, repeat: 3).Gradient;

        layout.ParameterCount.ShouldBe(12 * 12 + 12);
        layout.BufferCount.ShouldBe(3 * 12 + 3);
        gradient[..(int)layout.ParameterCount].ShouldContain(value => value != 0);
        gradient[(int)layout.ParameterCount..].ShouldAllBe(value => value == 0);
        gradient.ShouldBe(Run(engine, plan, parameters).Gradient);
        parameters.Span.ToArray().ShouldBe(before);
    }

    [Fact]
    public void What_a_module_draws_is_keyed_by_the_seed_across_threads()
    {
        var engine = new TorchSharpEngine();
        var plan = Plan<Drawing>();
        using var parameters = Initial(engine, plan);
        float[] one = Run(engine, plan, parameters, seed: 1).Gradient;
        float[] two = Run(engine, plan, parameters, seed: 2).Gradient;
        one.SequenceEqual(two).ShouldBeFalse();

        var same = new bool[4];
        var threads = Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            ulong seed = i % 2 == 0 ? 1u : 2u;
            same[i] = Enumerable.Range(0, 20).All(_ => Run(engine, plan, parameters, seed).Gradient
                .SequenceEqual(i % 2 == 0 ? one : two));
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        same.ShouldAllBe(holds => holds);
    }

    [Fact]
    public void Initial_values_follow_the_seed()
    {
        var plan = Plan<Drawing>();
        float[] Values(long seed)
        {
            using var parameters = Initial(new TorchSharpEngine(), plan, seed);
            return parameters.Span.ToArray();
        }

        float[] one = Values(1);
        Values(2).ShouldNotBe(one);
        // Replicas of other models that are made meanwhile draw as well.
        using var test = new ReferenceCase(new ModelSpec { Preset = "mlp" }, Shape, 3, 1);
        using var stop = new CancellationTokenSource();
        var others = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                new TorchSharpEngine().CreateReplica(test.Options, test.Parameters).Dispose();
            }
        });
        others.Start();
        try
        {
            Enumerable.Range(0, 20).All(_ => Values(1).SequenceEqual(one)).ShouldBeTrue();
        }
        finally
        {
            stop.Cancel();
            others.Join();
        }
    }

    [Fact]
    public void A_module_on_copies_gives_the_bits_of_one_on_views()
    {
        var plan = Plan<Drawing>();
        var engine = new TorchSharpEngine();
        using var parameters = Initial(engine, plan);

        Run(new TorchSharpEngine { WorksAsDevice = true }, plan, parameters, seed: 3).Gradient
            .ShouldBe(Run(engine, plan, parameters, seed: 3).Gradient);
    }

    [Theory]
    [InlineData(nameof(Narrow), "for 2 samples it gives Float32 [2, 2], it must give Float32 [2, 3]")]
    [InlineData(nameof(Misfit), "mat1 and mat2 shapes cannot be multiplied (2x12 and 13x3)")]
    [InlineData(nameof(Unregistered),
        "has no trained parameters; a module's constructor ends with RegisterComponents()")]
    [InlineData(nameof(Doubled),
        "tensor _layer.weight is Float64; all parameters and buffers must be float32")]
    [InlineData(nameof(Refusing), "not on a Sunday")]
    [InlineData(nameof(Demanding),
        "needs a public constructor that takes nothing, or (long[] input, long outputs)")]
    public void A_module_that_cannot_be_used_is_one_clear_fault(string type, string says)
        => Refuse(Own, $"DistTrain.TorchSharp.Tests.Models.{type}")
            .ShouldBe($"{Own}: DistTrain.TorchSharp.Tests.Models.{type}: {says}");

    [Fact]
    public void A_type_that_is_no_module_is_one_clear_fault()
    {
        string name = typeof(NoModule).FullName!;
        Refuse(Own, name).ShouldBe($"{Own}: {name} is no model; it must be a class that derives from "
            + "torch.nn.Module<Tensor, Tensor>");
        Refuse(ExampleModel.Path, "MyModel.Nett")
            .ShouldBe($"{ExampleModel.Path}: has no type MyModel.Nett; it has MyModel.Net");
    }

    [Fact]
    public void A_file_that_is_no_assembly_is_one_clear_fault()
    {
        string noise = _folder.File("noise.dll");
        File.WriteAllText(noise, "not an assembly");
        Refuse(noise, "A").ShouldBe($"{noise}: is no .NET assembly, or one for a later .NET");
        Refuse(_folder.File("none.dll"), "A").ShouldBe($"{_folder.File("none.dll")}: there is no such file");
    }

    [Fact]
    public void What_an_assembly_lacks_is_named()
    {
        string needy = _folder.File("needy.dll");
        MissingParts.WriteModule(needy, "Absent.Part");
        Refuse(needy, MissingParts.Type)
            .ShouldBe($"{needy}: {MissingParts.Type}: needs the assembly Absent.Part, which is not beside it");

        string foreign = _folder.File("foreign.dll");
        MissingParts.WriteForeign(foreign, new Version(9, 8, 7, 6));
        Refuse(foreign, MissingParts.Type).ShouldBe(
            $"{foreign}: was built against TorchSharp 9.8.7.6, this program has "
            + $"{typeof(torch).Assembly.GetName().Version}; build it against that");
    }

    [Fact]
    public void A_module_that_throws_in_a_step_ends_the_run_with_one_line()
    {
        var engine = new TorchSharpEngine();
        var plan = Plan<Capricious>();
        using var parameters = Initial(engine, plan);

        Should.Throw<RunFaultException>(() => Run(engine, plan, parameters, samples: 3))
            .Message.ShouldBe("The engine reports: three is too many");
        Run(engine, plan, parameters, samples: 4).Result.Count.ShouldBe(4);
    }

    [Fact]
    public void A_TorchScript_file_is_left_to_the_native_engine()
        => Should.Throw<UserFaultException>(() => new TorchSharpEngine().LayoutOf(
            ModelPlanner.Plan(new ModelSpec { TorchScript = "a.pt" }, Shape, 3)))
            .Message.ShouldStartWith("a.pt: TorchScript files are run by the engine libtorch");

    public void Dispose() => _folder.Dispose();

    private static ModelPlan Plan<T>() => Plan(Own, typeof(T).FullName!);

    private static ModelPlan Plan(string path, string type)
        => ModelPlanner.Plan(new ModelSpec { Assembly = path, Type = type }, Shape, 3);

    private static string Refuse(string path, string type)
        => Should.Throw<UserFaultException>(() => new TorchSharpEngine().LayoutOf(Plan(path, type))).Message;

    private static NativeBuffer<float> Initial(TorchSharpEngine engine, ModelPlan plan, long seed = 1)
    {
        var parameters = new NativeBuffer<float>(engine.LayoutOf(plan).TotalCount);
        engine.TryReadInitialValues(plan, seed, parameters).ShouldBeTrue();
        return parameters;
    }

    private static (float[] Gradient, ShardResult Result) Run(
        TorchSharpEngine engine, ModelPlan plan, NativeBuffer<float> parameters, ulong seed = 0,
        int repeat = 1, int samples = Samples)
    {
        var options = new ReplicaOptions(plan, LossKind.CrossEntropy, 0, "cpu", 1);
        using var replica = engine.CreateReplica(options, parameters);
        using var gradient = new NativeBuffer<float>(parameters.Length);
        using var batch = new MicroBatch(samples, Shape, 0) { Count = samples };
        for (int i = 0; i < batch.Inputs.Length; i++)
        {
            batch.Inputs.Span[i] = 2 * KeyedRandom.Uniform(5, (ulong)i) - 1;
        }

        for (int i = 0; i < samples; i++)
        {
            batch.Labels.Span[i] = i % 3;
        }

        ShardResult result = default;
        for (int i = 0; i < repeat; i++)
        {
            result = replica.ComputeGradient(batch, seed, gradient);
            replica.Evaluate(batch).Count.ShouldBe(samples);
        }

        return (gradient.Span.ToArray(), result);
    }
}

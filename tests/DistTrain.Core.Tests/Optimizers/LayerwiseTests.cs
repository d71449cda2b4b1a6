using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.Tests.Reduction;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Optimizers;

public sealed class LayerwiseTests
{
    private static readonly Dictionary<string, OptimizerSpec> Specs = new(StringComparer.Ordinal)
    {
        ["lars"] = new() { Kind = OptimizerKind.Lars, TrustCoefficient = 0.02 },
        ["lars, momentum, decay"] = new()
        {
            Kind = OptimizerKind.Lars,
            Momentum = 0.9,
            WeightDecay = 0.05,
            TrustCoefficient = 0.01,
        },
        ["lars, nesterov, decay"] = new()
        {
            Kind = OptimizerKind.Lars,
            Momentum = 0.8,
            Nesterov = true,
            WeightDecay = 0.05,
            TrustCoefficient = 0.01,
        },
        ["lamb"] = new() { Kind = OptimizerKind.Lamb, Epsilon = 1e-6 },
        ["lamb, decay"] = new()
        {
            Kind = OptimizerKind.Lamb,
            Beta1 = 0.8,
            Beta2 = 0.99,
            Epsilon = 1e-6,
            WeightDecay = 0.05,
        },
    };

    public static TheoryData<string> Names => [.. Specs.Keys];

    private static ParameterLayout Layout => LayerwiseBench.Layout;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_hundred_steps_follow_the_float64_reference(string name)
    {
        const float Scale = 1 / 16f;
        OptimizerSpec spec = Specs[name];
        float[] start = LayerwiseBench.Values(0);
        using LayerwiseBench bench = new(spec, Layout, start);
        double[][] weights = [.. Layout.Slots.Select(slot => Part(start, slot))];
        ReferenceLayer[] reference = Reference(spec);
        for (int step = 1; step <= 100; step++)
        {
            double rate = (spec.Kind == OptimizerKind.Lars ? 0.1 : 0.01) * (1 + Math.Sin(step * 0.1)) / 2;
            float[] gradient = Gradient([.. weights.SelectMany(layer => layer)], step);
            for (int layer = 0; layer < weights.Length; layer++)
                reference[layer].Step(weights[layer], Part(gradient, Layout.Slots[layer]), rate);
            bench.Step([.. gradient.Select(g => g / Scale)], rate, Scale);
        }
        double[] expected = [.. weights.SelectMany(layer => layer)];
        for (int i = 0; i < expected.Length; i++)
            ((double)bench.Weights[i]).ShouldBe(expected[i], 2e-5, $"weight {i}");
        expected.Zip(start, (now, before) => Math.Abs(now - before)).Average().ShouldBeGreaterThan(1e-3);
    }

    /// <summary>
    /// What the ratio is for: with a gradient a thousand times as large an adapted layer moves just as far.
    /// </summary>
    [Theory]
    [InlineData("lars")]
    [InlineData("lamb")]
    public void The_size_of_the_gradient_does_not_change_how_far_a_layer_moves(string name)
    {
        float[] start = LayerwiseBench.Values(0), gradient = LayerwiseBench.Values(1);
        double[] Moved(float factor)
        {
            using LayerwiseBench bench = new(Specs[name], Layout, start);
            bench.Step([.. gradient.Select(g => g * factor)], 0.1);
            float[] now = bench.Weights.ToArray();
            return [.. Layout.Slots.Select(slot => Norm(Part(now, slot), Part(start, slot)))];
        }
        double[] once = Moved(1), often = Moved(1000);
        foreach ((ParameterSlot slot, int index) in Layout.Slots.Select((slot, index) => (slot, index)))
        {
            double trust = name == "lars" ? 0.02 : 1;
            double size = Norm(Part(start, slot), new double[slot.Length]);
            if (slot.Role == ParameterRole.Weight)
            {
                once[index].ShouldBe(0.1 * trust * size, 1e-5 * size);
                often[index].ShouldBe(once[index], 2e-3 * once[index]);
            }
            else if (name == "lars")
            {
                often[index].ShouldBe(once[index] * 1000, once[index]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Weight_decay_leaves_biases_and_norms_alone(string name)
    {
        float[] start = LayerwiseBench.Values(0);
        using LayerwiseBench bench = new(Specs[name], Layout, start);
        for (int step = 0; step < 3; step++)
            bench.Step(new float[start.Length], 0.1);
        float[] now = bench.Weights.ToArray();
        foreach (ParameterSlot slot in Layout.Slots)
        {
            bool decays = slot.Role == ParameterRole.Weight && Specs[name].WeightDecay > 0;
            double moved = Norm(Part(now, slot), Part(start, slot));
            (moved > 0).ShouldBe(decays, slot.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_layer_of_zeros_moves_by_the_rate_itself(string name)
    {
        OptimizerSpec spec = Specs[name];
        float[] start = new float[Layout.ParameterCount], gradient = LayerwiseBench.Values(1);
        using LayerwiseBench bench = new(spec, Layout, start);
        bench.Step(gradient, 0.1);
        double factor = spec.Nesterov ? 1 + spec.Momentum : 1;
        for (int i = 0; i < gradient.Length; i += 97)
        {
            // LAMB's first direction is the gradient's sign.
            double direction = spec.Kind == OptimizerKind.Lars
                ? gradient[i] : gradient[i] / (Math.Abs(gradient[i]) + spec.Epsilon);
            ((double)bench.Weights[i]).ShouldBe(-0.1 * factor * direction, 1e-6);
        }
    }

    [Theory]
    [InlineData(1e-42f)]
    [InlineData(1e-30f)]
    [InlineData(1e30f)]
    public void Gradients_at_the_ends_of_float32_leave_finite_weights(float size)
    {
        foreach ((string name, OptimizerSpec spec) in Specs)
        {
            using LayerwiseBench bench = new(spec, Layout, LayerwiseBench.Values(0));
            bench.Step([.. LayerwiseBench.Values(1).Select(g => g * size)], 0.1);
            bench.Weights.ToArray().ShouldAllBe(weight => float.IsFinite(weight), name);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_slices_on_any_threads_give_the_bits_of_the_whole(string name)
    {
        Gen<int[]> cuts = Gen.Choose(0, 3).ArrayOf().Select(values => values.Order().ToArray());
        Prop.ForAll(cuts.ToArbitrary(), ends =>
        {
            using LayerwiseBench whole = new(Specs[name], Layout, LayerwiseBench.Values(0));
            using LayerwiseBench slices = new(Specs[name], Layout, LayerwiseBench.Values(0));
            for (int step = 1; step <= 3; step++)
            {
                float[] gradient = LayerwiseBench.Values(step);
                whole.Step(gradient, 0.1, 0.7f);
                slices.Step(gradient, 0.1, 0.7f, ends);
            }
            NaiveReduction.Bits(slices.All).ShouldBe(NaiveReduction.Bits(whole.All));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>See <see cref="OptimizerBitsTests"/> for how to try narrower vectors.</summary>
    [Theory]
    [InlineData("lars", "d4f42c18b73f1fc2")]
    [InlineData("lars, momentum, decay", "10e9d736abeed78b")]
    [InlineData("lars, nesterov, decay", "ec3709ad2f0e71b4")]
    [InlineData("lamb", "cea2be1c85c19fdb")]
    [InlineData("lamb, decay", "5d1ecddca09dd0e7")]
    public void Weights_and_state_after_twenty_steps_are_known_to_the_bit(string name, string hash)
    {
        using LayerwiseBench bench = new(Specs[name], Layout, LayerwiseBench.Values(0));
        for (int step = 1; step <= 20; step++)
            bench.Step(LayerwiseBench.Values(step), 0.01, 0.25f);
        byte[] digest = SHA256.HashData(MemoryMarshal.AsBytes<float>(bench.All));
        Convert.ToHexStringLower(digest)[..16].ShouldBe(hash);
    }

    [Theory]
    [InlineData("lars", new string[0])]
    [InlineData("lars, momentum, decay", new[] { "momentum_buffer" })]
    [InlineData("lamb", new[] { "exp_avg", "exp_avg_sq" })]
    public void State_bears_the_names_of_PyTorch(string name, string[] states)
        => OptimizerFactory.Create(Specs[name]).StateNames.ShouldBe(states);

    /// <summary>Pulls towards a moving target, so that weights neither vanish nor explode.</summary>
    private static float[] Gradient(double[] weights, int step)
        => [.. LayerwiseBench.Values(step).Select((noise, i)
            => (float)(weights[i] - 0.3 * Math.Sin(0.1 * step + i) + noise))];

    private static ReferenceLayer[] Reference(OptimizerSpec spec)
        => [.. Layout.Slots.Select(slot
            => new ReferenceLayer(spec, slot.Role == ParameterRole.Weight, (int)slot.Length))];

    private static double[] Part(float[] values, ParameterSlot slot)
        => [.. values.AsSpan((int)slot.Offset, (int)slot.Length).ToArray().Select(value => (double)value)];

    private static double Norm(double[] left, double[] right)
        => Math.Sqrt(left.Zip(right, (a, b) => (a - b) * (a - b)).Sum());
}

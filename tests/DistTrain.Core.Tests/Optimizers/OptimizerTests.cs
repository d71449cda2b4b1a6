using System.Numerics;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Optimizers;
using DistTrain.Core.Tests.Reduction;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Optimizers;

public sealed class OptimizerTests
{
    public static TheoryData<string> Names => OptimizerCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Three_hundred_steps_follow_the_float64_reference(string name)
    {
        const int Length = 37;
        const float Scale = 1 / 16f;
        OptimizerSpec spec = OptimizerCases.Spec(name);
        double rate0 = spec.Kind == OptimizerKind.Sgd ? 0.05 : 0.01;
        float[] start = OptimizerCases.Weights(Length);
        using OptimizerBench bench = new(spec, start);
        double[] weights = [.. start];
        ReferenceOptimizer[] reference = [.. start.Select(_ => new ReferenceOptimizer(spec))];
        for (int step = 0; step < 300; step++)
        {
            double rate = rate0 * (1 + Math.Sin(step * 0.05)) / 2;
            float[] gradient = OptimizerCases.Gradient([.. weights.Select(weight => (float)weight)], step);
            for (int i = 0; i < Length; i++)
                weights[i] = reference[i].Step(weights[i], gradient[i], rate);
            bench.Step([.. gradient.Select(g => g / Scale)], rate, Scale);
            for (int i = 0; i < Length; i++)
                ((double)bench.Weights[i]).ShouldBe(weights[i], 1e-5, $"weight {i} after step {step}");
        }
        weights.Zip(start).Sum(pair => Math.Abs(pair.First - pair.Second)).ShouldBeGreaterThan(Length * 0.1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_slices_give_the_bits_of_the_whole(string name)
    {
        OptimizerSpec spec = OptimizerCases.Spec(name);
        Gen<int[]> cuts = Gen.Choose(0, 101).ArrayOf().Select(values => values.Order().ToArray());
        Prop.ForAll(cuts.ToArbitrary(), ends =>
        {
            using OptimizerBench whole = new(spec, OptimizerCases.Weights(101));
            using OptimizerBench slices = new(spec, OptimizerCases.Weights(101));
            for (int step = 0; step < 4; step++)
            {
                float[] gradient = OptimizerCases.Gradient(whole.Weights, step);
                whole.Step(gradient, 0.013, 0.7f);
                slices.Step(gradient, 0.013, 0.7f, ends);
            }
            NaiveReduction.Bits(slices.All).ShouldBe(NaiveReduction.Bits(whole.All));
        }).QuickCheckThrowOnFailure();
    }

    /// <summary>
    /// An element alone goes through the padded tail, many of them through full vectors: the same bits show
    /// that no vector width is privileged.
    /// </summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_weight_alone_takes_the_bits_it_takes_among_many(string name)
    {
        OptimizerSpec spec = OptimizerCases.Spec(name);
        float[] start = OptimizerCases.Weights(64);
        using OptimizerBench many = new(spec, start);
        OptimizerBench[] alone = [.. start.Select(weight => new OptimizerBench(spec, [weight]))];
        for (int step = 0; step < 20; step++)
        {
            float[] gradient = OptimizerCases.Gradient(many.Weights, step);
            many.Step(gradient, 0.02, 0.3f);
            for (int i = 0; i < start.Length; i++)
            {
                alone[i].Step([gradient[i]], 0.02, 0.3f);
                alone[i].Weights[0].ShouldBe(many.Weights[i]);
            }
        }
        foreach (OptimizerBench one in alone)
            one.Dispose();
    }

    /// <summary>
    /// Scalar float32, each operation rounded on its own: what any vector unit must come to.
    /// </summary>
    [Fact]
    public void Nesterov_has_the_bits_of_unfused_scalar_arithmetic()
    {
        OptimizerSpec spec = OptimizerCases.Spec("sgd, nesterov, decay");
        float[] weights = OptimizerCases.Weights(8 * Vector<float>.Count + 3);
        float[] velocity = new float[weights.Length];
        using OptimizerBench bench = new(spec, weights);
        for (int step = 0; step < 50; step++)
        {
            float[] gradient = OptimizerCases.Gradient(weights, step);
            bench.Step(gradient, 0.03, 0.1f);
            for (int i = 0; i < weights.Length; i++)
            {
                float scaled = gradient[i] * 0.1f;
                float decay = 0.01f * weights[i];
                float decayed = scaled + decay;
                float kept = 0.9f * velocity[i];
                velocity[i] = kept + decayed;
                float ahead = 0.9f * velocity[i];
                float change = 0.03f * (decayed + ahead);
                weights[i] -= change;
            }
            NaiveReduction.Bits(bench.Weights.ToArray()).ShouldBe(NaiveReduction.Bits(weights));
        }
    }

    /// <summary>
    /// Goyal et al. 2017, remark 2: with the rate inside the velocity, a change of rate must scale the
    /// velocity by η′/η. With the rate outside, nothing has to be done.
    /// </summary>
    [Fact]
    public void A_rate_outside_the_velocity_is_momentum_correction()
    {
        OptimizerSpec spec = OptimizerCases.Spec("sgd, momentum");
        ReferenceOptimizer outside = new(spec);
        using OptimizerBench bench = new(spec, [1]);
        double weight = 1, corrected = 1, uncorrected = 1, velocity = 0, naive = 0, last = 0;
        for (int step = 0; step < 200; step++)
        {
            double rate = step < 100 ? 0.001 * (step + 1) : 0.01;
            double gradient = Math.Sin(step * 0.3) + 0.5;
            weight = outside.Step(weight, gradient, rate);
            bench.Step([(float)gradient], rate);
            velocity = spec.Momentum * (last > 0 ? rate / last : 1) * velocity + rate * gradient;
            corrected -= velocity;
            naive = spec.Momentum * naive + rate * gradient;
            uncorrected -= naive;
            last = rate;
            corrected.ShouldBe(weight, 1e-12);
        }
        ((double)bench.Weights[0]).ShouldBe(corrected, 1e-4);
        Math.Abs(uncorrected - corrected).ShouldBeGreaterThan(0.1);
    }

    [Theory]
    [InlineData("sgd", new string[0])]
    [InlineData("sgd, momentum", new[] { "momentum_buffer" })]
    [InlineData("rmsprop", new[] { "square_avg" })]
    [InlineData("rmsprop, momentum, decay", new[] { "square_avg", "momentum_buffer" })]
    [InlineData("adamw", new[] { "exp_avg", "exp_avg_sq" })]
    public void State_bears_the_names_of_PyTorch(string name, string[] states)
        => OptimizerFactory.Create(OptimizerCases.Spec(name)).StateNames.ShouldBe(states);

    [Theory]
    [InlineData(OptimizerKind.Sgd)]
    [InlineData(OptimizerKind.Lars)]
    public void Nesterov_without_momentum_is_refused(OptimizerKind kind)
        => Should.Throw<UserFaultException>(
            () => OptimizerFactory.Create(new() { Kind = kind, Nesterov = true }));

    [Fact]
    public unsafe void Buffers_move_by_the_mean_change_in_any_slices()
    {
        float[] start = OptimizerCases.Weights(53), change = NaiveReduction.Values(53, 9);
        using NativeBuffer<float> buffers = NaiveReduction.Buffer(start), sum = NaiveReduction.Buffer(change);
        RunningBuffers.Apply(buffers.Pointer, sum.Pointer, 0.125f, 20);
        RunningBuffers.Apply(buffers.Pointer + 20, sum.Pointer + 20, 0.125f, 33);
        NaiveReduction.Bits(buffers.Span.ToArray())
            .ShouldBe(NaiveReduction.Bits(start.Zip(change, (value, moved) => value + moved * 0.125f)));
    }

    [Fact]
    public void Integer_powers_agree_with_the_general_power()
    {
        foreach (double x in new[] { 0.9, 0.999, 0.5 })
        {
            foreach (long n in new long[] { 0, 1, 2, 3, 10, 1000 })
                IntegerPower.Of(x, n).ShouldBe(Math.Pow(x, n), (n + 1) * 3e-16 * Math.Pow(x, n));
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using Floats = System.Numerics.Vector<float>;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// Runs an update rule over a slice. The last few elements, fewer than a vector, are padded with zeros to a
/// whole one and take the very same path; there is no scalar twin of a rule that could round otherwise.
/// </summary>
internal static unsafe class FlatUpdate
{
    // Optimised at first call: a model's first steps should not wait for the runtime to notice the loop.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<TRule>(
        in TRule update, float* weights, float* gradient, float* state0, float* state1, long length)
        where TRule : struct, IUpdateRule
    {
        TRule rule = update;
        long i = 0;
        for (; i <= length - Floats.Count; i += Floats.Count)
            One(rule, weights + i, gradient + i, state0 + i, state1 + i);
        if (i < length)
            Tail(rule, weights + i, gradient + i, state0 + i, state1 + i, (int)(length - i));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void One<TRule>(
        in TRule rule, float* weights, float* gradient, float* state0, float* state1)
        where TRule : struct, IUpdateRule
    {
        Floats weight = Vector.Load(weights);
        Floats first = TRule.States > 0 ? Vector.Load(state0) : default;
        Floats second = TRule.States > 1 ? Vector.Load(state1) : default;
        rule.Apply(ref weight, Vector.Load(gradient), ref first, ref second);
        Vector.Store(weight, weights);
        if (TRule.States > 0)
            Vector.Store(first, state0);
        if (TRule.States > 1)
            Vector.Store(second, state1);
    }

    private static void Tail<TRule>(
        in TRule rule, float* weights, float* gradient, float* state0, float* state1, int length)
        where TRule : struct, IUpdateRule
    {
        int width = Floats.Count;
        float* padded = stackalloc float[4 * width];
        new Span<float>(padded, 4 * width).Clear();
        new ReadOnlySpan<float>(weights, length).CopyTo(new Span<float>(padded, length));
        new ReadOnlySpan<float>(gradient, length).CopyTo(new Span<float>(padded + width, length));
        if (TRule.States > 0)
            new ReadOnlySpan<float>(state0, length).CopyTo(new Span<float>(padded + 2 * width, length));
        if (TRule.States > 1)
            new ReadOnlySpan<float>(state1, length).CopyTo(new Span<float>(padded + 3 * width, length));
        One(rule, padded, padded + width, padded + 2 * width, padded + 3 * width);
        new ReadOnlySpan<float>(padded, length).CopyTo(new Span<float>(weights, length));
        if (TRule.States > 0)
            new ReadOnlySpan<float>(padded + 2 * width, length).CopyTo(new Span<float>(state0, length));
        if (TRule.States > 1)
            new ReadOnlySpan<float>(padded + 3 * width, length).CopyTo(new Span<float>(state1, length));
    }
}

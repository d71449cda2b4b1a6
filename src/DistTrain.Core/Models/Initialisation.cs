using DistTrain.Core.Memory;
using DistTrain.Core.Sampling;

namespace DistTrain.Core.Models;

/// <summary>
/// The first weights of a model: a pure function of the job's seed, so that every machine starts from the
/// same bits. The scheme is PyTorch's default for nn.Linear and nn.Conv2d, Uniform(−1/√fan_in, 1/√fan_in) for
/// weights and biases alike (Kaiming-uniform with a = √5). Only √, · and − are used: IEEE 754 rounds each of
/// them exactly, while logarithms and cosines differ from one C library to the next.
/// </summary>
public static class Initialisation
{
    /// <param name="layout">The model's layout.</param>
    /// <param name="seed">The job's seed.</param>
    /// <param name="parameters">Receives <see cref="ParameterLayout.TotalCount"/> numbers.</param>
    /// <exception cref="InvalidOperationException">The layout is of a model that brings its own
    /// values.</exception>
    public static void Fill(ParameterLayout layout, long seed, NativeBuffer<float> parameters)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parameters.Length, layout.TotalCount);
        ulong domain = KeyedRandom.Key((ulong)seed, (ulong)RandomDomain.Initialisation);
        for (int i = 0; i < layout.Slots.Count; i++)
        {
            FillSlot(layout.Slots[i], KeyedRandom.Key(domain, (ulong)i), parameters);
        }
    }

    private static void FillSlot(ParameterSlot slot, ulong key, NativeBuffer<float> parameters)
    {
        const int chunk = 1 << 30;
        for (long done = 0; done < slot.Length; done += chunk)
        {
            int length = (int)Math.Min(chunk, slot.Length - done);
            var target = parameters.Slice(slot.Offset + done, length);
            switch (slot.Role)
            {
                case ParameterRole.Weight or ParameterRole.Bias:
                    FillUniform(target, key, (ulong)done, (float)(1 / Math.Sqrt(slot.FanIn)));
                    break;
                case ParameterRole.NormScale or ParameterRole.RunningVariance:
                    target.Fill(1);
                    break;
                case ParameterRole.NormShift or ParameterRole.RunningMean:
                    target.Clear();
                    break;
                default:
                    throw new InvalidOperationException($"{slot.Name} brings its own initial values.");
            }
        }
    }

    private static void FillUniform(Span<float> target, ulong key, ulong first, float bound)
    {
        for (int i = 0; i < target.Length; i++)
        {
            // 2u − 1 is exact in float32 (24 bits of u); the product is the only rounding.
            target[i] = (2 * KeyedRandom.Uniform(key, first + (ulong)i) - 1) * bound;
        }
    }
}

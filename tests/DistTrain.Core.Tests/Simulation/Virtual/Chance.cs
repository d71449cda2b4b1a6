using DistTrain.Core.Sampling;

namespace DistTrain.Core.Tests.Simulation.Virtual;

/// <summary>All the luck of one history: a function of its seed and of how often it was asked.</summary>
internal sealed class Chance(int seed)
{
    private readonly ulong _key = KeyedRandom.Key((ulong)seed, 0x51A7);
    private ulong _draws;

    public int Below(int bound) => KeyedRandom.Below(_key, _draws++, bound);

    /// <summary>In [from, to].</summary>
    public int Between(int from, int to) => from + Below(to - from + 1);

    public bool OneIn(int times) => times > 0 && Below(times) == 0;

    public double Uniform() => KeyedRandom.Uniform(_key, _draws++);

    /// <summary>A wait that is usually short and sometimes very long.</summary>
    public TimeSpan Exponential(double meanSeconds)
        => TimeSpan.FromSeconds(-meanSeconds * Math.Log(1 - Math.Min(Uniform(), 0.9999)));

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}

namespace DistTrain.Core.Sampling;

/// <summary>
/// Counter-based randomness: every number is a pure function of a key and a counter, so that it is the same
/// on every machine, whoever asks, in whatever order. The mixing is SplitMix64's finaliser (Steele, Lea,
/// Flood 2014, "Fast splittable pseudorandom number generators").
/// </summary>
public static class KeyedRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>A bijection of 64-bit words with full avalanche.</summary>
    public static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    /// <summary>
    /// Folds one more part into a key: Key(Key(seed, epoch), shard) differs from every other order.
    /// </summary>
    public static ulong Key(ulong key, ulong part)
        => Mix(Mix(key + Golden) ^ (part * Golden + 0x632BE59BD9B4E019));

    /// <summary>Word number <paramref name="counter"/> of the stream of <paramref name="key"/>.</summary>
    public static ulong Word(ulong key, ulong counter) => Mix(key + Golden * (counter + 1));

    /// <summary>Uniform in [0, 1), with 24 bits: exact in float32 on every machine.</summary>
    public static float Uniform(ulong key, ulong counter) => (Word(key, counter) >> 40) * (1f / (1 << 24));

    /// <summary>
    /// Uniform integer in [0, bound), by multiplication (Lemire 2019); bias below bound/2⁶⁴.
    /// </summary>
    public static int Below(ulong key, ulong counter, int bound)
        => (int)Math.BigMul(Word(key, counter), (ulong)bound, out _);
}

/// <summary>The domains that randomness is drawn for, so that no two uses share a stream.</summary>
public enum RandomDomain : ulong
{
    SampleOrder = 1, ValidationSplit = 2, Initialisation = 3, Layers = 4, Augmentation = 5, Strokes = 6,
}

using DistTrain.Core.Sampling;

namespace DistTrain.Data.Strokes;

/// <summary>
/// The numbers of one key, one after the other. Every draw is made of integer operations and exact float
/// multiplications, so a drawing made from a stream has the same bytes on every machine.
/// </summary>
internal struct KeyedStream(ulong key)
{
    private ulong _counter;

    /// <summary>Uniform in [0, 1).</summary>
    public float Next() => KeyedRandom.Uniform(key, _counter++);

    /// <summary>Uniform in [low, high).</summary>
    public float Between(float low, float high) => low + (high - low) * Next();

    /// <summary>Uniform in [-size, size).</summary>
    public float Around(float size) => Between(-size, size);

    /// <summary>Uniform integer in [0, bound).</summary>
    public int Below(int bound) => KeyedRandom.Below(key, _counter++, bound);

    /// <summary>
    /// Close to normal with mean 0 and deviation 1: the sum of four uniform numbers (Irwin–Hall), which needs
    /// no logarithm and never exceeds 2√3.
    /// </summary>
    public float Bell()
    {
        ulong word = KeyedRandom.Word(key, _counter++);
        int sum = (int)(word & 0xFFFF) + (int)((word >> 16) & 0xFFFF)
            + (int)((word >> 32) & 0xFFFF) + (int)(word >> 48);
        return (sum - 2 * 0xFFFF) * (1.7320508f / 65536f);
    }
}

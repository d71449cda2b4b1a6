using System.Numerics;
using System.Runtime.CompilerServices;

namespace DistTrain.Core.Sampling;

/// <summary>
/// One epoch's order of the training samples: a bijection of [0, count) that is computed, not stored. Any
/// worker finds the samples of any shard of any step from (seed, epoch, position) in O(1) memory and without
/// asking anyone.
/// <para>
/// A balanced Feistel network permutes the smallest 2h-bit domain that holds the count (2⁸ at least, for
/// halves of fewer bits mix poorly); values outside [0, count) are fed back in until one falls inside, which
/// is again a bijection (cycle walking: Black and Rogaway 2002, "Ciphers with arbitrary finite domains",
/// method 3; the network is their method of Luby and Rackoff 1988). Four rounds suffice in theory for strong
/// pseudorandomness; eight leave room for the round function being a mere mixer. The walk takes under four
/// tries on average, for counts of 64 and more.
/// </para>
/// </summary>
public readonly struct SamplePermutation
{
    private const int Rounds = 8;
    private const int LeastHalfBits = 4;

    private readonly RoundKeys _keys;
    private readonly int _halfBits;

    /// <param name="seed">The job's seed.</param>
    /// <param name="epoch">Every epoch has an order of its own.</param>
    /// <param name="count">Number of training samples; zero is allowed.</param>
    public SamplePermutation(long seed, int epoch, int count)
        : this(KeyOf(seed, RandomDomain.SampleOrder, (ulong)epoch), count)
    {
    }

    internal SamplePermutation(ulong key, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Count = count;
        int bits = count <= 1 ? 0 : BitOperations.Log2((uint)count - 1) + 1;
        _halfBits = Math.Max((bits + 1) / 2, LeastHalfBits);
        for (int round = 0; round < Rounds; round++)
            _keys[round] = KeyedRandom.Key(key, (ulong)round);
    }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>The sample at a position of the epoch's order.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The position is outside [0, Count).</exception>
    public int At(int position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(position, Count);
        return Walk((uint)position);
    }

    /// <summary>The samples at positions [start, start + indices.Length).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A position is outside [0, Count).</exception>
    public void Fill(int start, Span<int> indices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count - indices.Length);
        for (int i = 0; i < indices.Length; i++)
            indices[i] = Walk((uint)(start + i));
    }

    internal static ulong KeyOf(long seed, RandomDomain domain, ulong part)
        => KeyedRandom.Key(KeyedRandom.Key((ulong)seed, (ulong)domain), part);

    private int Walk(uint value)
    {
        if (Count == 1)
            return 0;
        do
            value = Encipher(value);
        while (value >= (uint)Count);
        return (int)value;
    }

    private uint Encipher(uint value)
    {
        uint mask = (1u << _halfBits) - 1;
        uint left = value >> _halfBits, right = value & mask;
        for (int round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ ((uint)KeyedRandom.Word(_keys[round], right) & mask));
        return (left << _halfBits) | right;
    }

    [InlineArray(Rounds)]
    private struct RoundKeys
    {
        private ulong _first;
    }
}

using DistTrain.Core.Reduction;

namespace DistTrain.Runtime.Training;

/// <summary>Threads that do elementwise work over a flat buffer, slice by slice.</summary>
public interface ISliceCrew
{
    /// <summary>
    /// Runs <paramref name="slice"/> over all slices, then <paramref name="done"/> on the last one's thread.
    /// May return before that.
    /// </summary>
    void Run(Action<Slice> slice, Action done);
}

/// <summary>
/// Elements [Offset, Offset + Length) of the flat buffer. Offset is a block boundary, so the bits do not
/// depend on how many slices there are.
/// </summary>
public readonly record struct Slice(long Offset, long Length)
{
    /// <summary>Below this a hop to another thread costs more than it saves.</summary>
    private const int MinimumBlocks = 8;

    /// <summary>How many slices are worth it, at most <paramref name="most"/>.</summary>
    public static int CountFor(long length, int most)
        => Math.Clamp(TreeReduction.BlocksOf(length) / MinimumBlocks, 1, most);

    /// <summary>Slice number <paramref name="index"/> of <paramref name="count"/>.</summary>
    public static Slice Part(int index, int count, long length)
    {
        int blocks = TreeReduction.BlocksOf(length);
        long begin = (long)blocks * index / count * TreeReduction.BlockLength;
        long end = Math.Min((long)blocks * (index + 1) / count * TreeReduction.BlockLength, length);
        return new Slice(begin, end - begin);
    }
}

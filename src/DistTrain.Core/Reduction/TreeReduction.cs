using System.Numerics;
using System.Runtime.CompilerServices;

namespace DistTrain.Core.Reduction;

/// <summary>
/// Sums gradients along the canonical tree, a kilobyte or a few at a time: each source is read from memory
/// once, intermediate sums never leave the first-level cache, and the result is written once. The squares for
/// the gradient's norm are taken from the block just written, while it is still there.
/// <para>
/// Elementwise sums do not care where slices end and squares are kept per block of <see cref="BlockLength"/>
/// elements of the whole vector, so any division of the vector into slices that begin at block boundaries,
/// over any number of threads or nodes, gives the same bits. Nothing is allocated.
/// </para>
/// </summary>
public static unsafe class TreeReduction
{
    /// <summary>Elements whose squares are summed together; slices begin at its multiples.</summary>
    public const int BlockLength = 4096;

    /// <summary>
    /// Elements per pass through a program with intermediate sums. Short, so that all sources advance
    /// together and the prefetchers keep every stream: eight sources from memory ran at 24 GB/s with 128
    /// elements and at 12 with a page of 1,024, where larger tiles gain a tenth while everything fits the
    /// cache.
    /// </summary>
    private const int TileLength = 128;

    /// <summary>
    /// Blocks that a stretch of <paramref name="length"/> elements from a block boundary touches.
    /// </summary>
    public static int BlocksOf(long length) => checked((int)((length + BlockLength - 1) / BlockLength));

    /// <summary>
    /// destination[i] = the tree's sum of sources[…][i] for i in [offset, offset + length), and the sum of
    /// squares of each block of it.
    /// </summary>
    /// <param name="program">Compiled for these sources, in this order.</param>
    /// <param name="sourcePointers">
    /// Per source the address (float*) of element 0 of the whole vector, also where only a slice is there to
    /// read.
    /// </param>
    /// <param name="destination">
    /// Element 0 of the result; may be one of the sources, but not overlap one otherwise.
    /// </param>
    /// <param name="offset">First element, a multiple of <see cref="BlockLength"/>.</param>
    /// <param name="length">
    /// Elements; a multiple of <see cref="BlockLength"/> in every slice but the vector's last.
    /// </param>
    /// <param name="blockSquares">
    /// Receives in [k] the squares of the block at offset + k·<see cref="BlockLength"/>; at least
    /// <see cref="BlocksOf"/>(length) long. Not finite if and only if one of the block's counted elements is
    /// not.
    /// </param>
    /// <param name="normLength">
    /// Elements from this one on, counted from element 0, are summed but not squared: a gradient's tail of
    /// buffer changes is no part of its norm. Give the layout's ParameterCount.
    /// </param>
    public static void Run(
        ReductionProgram program, ReadOnlySpan<nint> sourcePointers, float* destination, long offset,
        long length, Span<double> blockSquares, long normLength = long.MaxValue)
    {
        Check(program, sourcePointers, offset, length, blockSquares);
        float* scratch = stackalloc float[program.ScratchBlocks * TileLength];
        float** stack = stackalloc float*[program.ScratchBlocks + 2];
        double* lanes = stackalloc double[BlockSquares.Lanes];
        int tile = program.ScratchBlocks == 0 ? BlockLength : TileLength;
        for (int block = 0; block < BlocksOf(length); block++)
        {
            new Span<double>(lanes, BlockSquares.Lanes).Clear();
            long begin = offset + (long)block * BlockLength;
            long end = Math.Min(begin + BlockLength, offset + length);
            for (long at = begin; at < end; at += tile)
            {
                int elements = (int)Math.Min(tile, end - at);
                SumTile(program, sourcePointers, destination, at, elements, scratch, stack);
            }
            int counted = (int)Math.Clamp(normLength - begin, 0, end - begin);
            BlockSquares.Accumulate(destination + begin, counted, lanes);
            blockSquares[block] = BlockSquares.Fold(lanes);
        }
    }

    /// <summary>into[i] += other[i]: one inner node of a worker's own subtree, left operand first.</summary>
    public static void Add(float* into, float* other, long length)
    {
        const int Stretch = 1 << 30;
        for (long at = 0; at < length; at += Stretch)
            Add(into + at, other + at, into + at, (int)Math.Min(Stretch, length - at));
    }

    // Optimised at first call, as are the squares: the first steps of a run are steps too.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void SumTile(
        ReductionProgram program, ReadOnlySpan<nint> sources, float* destination, long at, int length,
        float* scratch, float** stack)
    {
        float* result = destination + at;
        ReadOnlySpan<int> code = program.Code;
        if (code.Length == 1)
        {
            Copy((float*)sources[code[0]] + at, result, length);
            return;
        }
        int height = 0;
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i] != ReductionProgram.AddTop)
            {
                stack[height++] = (float*)sources[code[i]] + at;
                continue;
            }
            height--;
            float* sum = i == code.Length - 1 ? result : scratch + (height - 1) * TileLength;
            Add(stack[height - 1], stack[height], sum, length);
            stack[height - 1] = sum;
        }
    }

    private static void Copy(float* source, float* destination, int length)
    {
        if (source != destination)
            new ReadOnlySpan<float>(source, length).CopyTo(new Span<float>(destination, length));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* left, float* right, float* sum, int length)
    {
        int width = Vector<float>.Count, i = 0;
        for (; i <= length - 4 * width; i += 4 * width)
        {
            Vector<float> a = Vector.Load(left + i) + Vector.Load(right + i);
            Vector<float> b = Vector.Load(left + i + width) + Vector.Load(right + i + width);
            Vector<float> c = Vector.Load(left + i + 2 * width) + Vector.Load(right + i + 2 * width);
            Vector<float> d = Vector.Load(left + i + 3 * width) + Vector.Load(right + i + 3 * width);
            Vector.Store(a, sum + i);
            Vector.Store(b, sum + i + width);
            Vector.Store(c, sum + i + 2 * width);
            Vector.Store(d, sum + i + 3 * width);
        }
        for (; i < length; i++)
            sum[i] = left[i] + right[i];
    }

    private static void Check(
        ReductionProgram program, ReadOnlySpan<nint> sources, long offset, long length, Span<double> squares)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        if (offset % BlockLength != 0)
            throw new ArgumentException($"A slice begins at a multiple of {BlockLength}.", nameof(offset));
        if (sources.Length != program.SourceCount)
        {
            throw new ArgumentException(
                $"The program sums {program.SourceCount} sources, not {sources.Length}.", nameof(sources));
        }
        if (squares.Length < BlocksOf(length))
            throw new ArgumentException($"{BlocksOf(length)} blocks need as many squares.", nameof(squares));
    }
}

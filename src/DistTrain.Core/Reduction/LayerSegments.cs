using DistTrain.Core.Models;

namespace DistTrain.Core.Reduction;

/// <summary>A trained tensor as optimizers with a rate per layer see it.</summary>
/// <param name="Offset">First element in the flat buffer.</param>
/// <param name="Length">Elements.</param>
/// <param name="IsAdapted">
/// Whether it has a trust ratio of its own and weight decay; otherwise its ratio is 1 and nothing decays.
/// </param>
public sealed record Layer(long Offset, long Length, bool IsAdapted);

/// <summary>The part of a layer that lies in one block of the flat buffer.</summary>
/// <param name="Layer">Index into <see cref="LayerSegments.Layers"/>.</param>
/// <param name="Offset">First element in the flat buffer.</param>
/// <param name="Length">Elements, at most <see cref="TreeReduction.BlockLength"/>.</param>
public readonly record struct LayerSegment(int Layer, long Offset, int Length);

/// <summary>
/// Layers cut by the block grid of the flat buffer. A layer's sum of squares is the sum over its segments,
/// ascending, and a segment's has the order of <see cref="BlockSquares"/> from the segment's own start:
/// <code>
/// blocks    │        0        │        1        │        2        │
/// layers    │0     │1│2                               │3          │
/// segments  │0     │1│2       │3                │4    │5          │
/// </code>
/// Whoever works on whole blocks works on whole segments, so a norm has the same bits for every division of
/// the buffer into slices, over any number of threads or nodes.
/// <para>
/// Biases, scales and shifts of norms are not adapted, as in the published runs of LARS and LAMB (You et al.
/// 2017 and 2019; the lists of excluded parameters of the reference implementations). An opaque tensor of at
/// most one dimension is taken for one of these.
/// </para>
/// </summary>
public sealed class LayerSegments
{
    private readonly LayerSegment[] _segments;
    private readonly int[] _firstOfBlock;

    /// <exception cref="ArgumentException">The trained tensors leave gaps or overlap.</exception>
    public LayerSegments(ParameterLayout layout)
    {
        Layers = [.. layout.Slots.Where(slot => slot.Offset < layout.ParameterCount && slot.Length > 0)
            .OrderBy(slot => slot.Offset)
            .Select(slot => new Layer(slot.Offset, slot.Length, IsAdapted(slot)))];
        CheckTiling(Layers, layout.ParameterCount);
        _segments = [.. Layers.SelectMany((layer, index) => Cut(layer, index))];
        _firstOfBlock = new int[TreeReduction.BlocksOf(layout.ParameterCount) + 1];
        foreach (LayerSegment segment in _segments)
            _firstOfBlock[segment.Offset / TreeReduction.BlockLength + 1]++;
        for (int block = 1; block < _firstOfBlock.Length; block++)
            _firstOfBlock[block] += _firstOfBlock[block - 1];
        ParameterCount = layout.ParameterCount;
    }

    public long ParameterCount { get; }

    /// <summary>In the order of the buffer.</summary>
    public IReadOnlyList<Layer> Layers { get; }

    /// <summary>All segments, in the order of the buffer.</summary>
    public ReadOnlySpan<LayerSegment> All => _segments;

    /// <summary>Indices of the segments in a slice; buffers behind the parameters have none.</summary>
    /// <param name="offset">First element, a multiple of the block length.</param>
    /// <param name="length">
    /// Elements; a multiple of the block length unless the slice reaches the parameters' end.
    /// </param>
    /// <exception cref="ArgumentException">The slice would cut a block.</exception>
    public Range In(long offset, long length)
    {
        long end = offset + length;
        bool cuts = offset % TreeReduction.BlockLength != 0
            || (end < ParameterCount && end % TreeReduction.BlockLength != 0);
        if (cuts)
            throw new ArgumentException($"The slice from {offset} to {end} cuts a block.", nameof(offset));
        return FirstAt(offset)..FirstAt(end);
    }

    private int FirstAt(long offset)
        => _firstOfBlock[Math.Min(TreeReduction.BlocksOf(offset), _firstOfBlock.Length - 1)];

    private static bool IsAdapted(ParameterSlot slot) => slot.Role switch
    {
        ParameterRole.Weight => true,
        ParameterRole.Opaque => slot.Shape.Count > 1,
        _ => false,
    };

    private static IEnumerable<LayerSegment> Cut(Layer layer, int index)
    {
        long end = layer.Offset + layer.Length;
        for (long at = layer.Offset; at < end;)
        {
            long boundary = (at / TreeReduction.BlockLength + 1) * TreeReduction.BlockLength;
            long next = Math.Min(boundary, end);
            yield return new LayerSegment(index, at, (int)(next - at));
            at = next;
        }
    }

    private static void CheckTiling(IReadOnlyList<Layer> layers, long parameters)
    {
        long end = 0;
        foreach (Layer layer in layers)
        {
            if (layer.Offset != end)
                throw new ArgumentException($"A trained tensor begins at {layer.Offset}, not at {end}.");
            end += layer.Length;
        }
        if (end != parameters)
            throw new ArgumentException($"The trained tensors end at {end}, not at {parameters}.");
    }
}

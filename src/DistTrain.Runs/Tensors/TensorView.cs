using DistTrain.Core.Memory;

namespace DistTrain.Runs.Tensors;

/// <summary>A named stretch of a flat buffer, seen as a tensor. It owns nothing and copies nothing.</summary>
/// <param name="Name">Any text but "__metadata__"; unique in its file.</param>
/// <param name="Shape">Dimensions, outermost first; none: a scalar.</param>
/// <param name="Buffer">Holds the elements, row-major.</param>
/// <param name="Offset">First element in the buffer.</param>
public readonly record struct TensorView(
    string Name, IReadOnlyList<int> Shape, NativeBuffer<float> Buffer, long Offset)
{
    /// <summary>Number of elements.</summary>
    public long Length => Shape.Aggregate(1L, (product, dimension) => checked(product * dimension));

    /// <summary>Size in bytes.</summary>
    public long ByteLength => checked(Length * sizeof(float));
}

using DistTrain.Core.Datasets;

namespace DistTrain.Data.Images;

/// <summary>
/// Decoded images as bytes, held once per process: a quarter of the memory of floats, and converting on the
/// way into a batch costs less than reading floats from memory would.
/// </summary>
/// <param name="Shape">Channels × height × width, channel-planar.</param>
/// <param name="Classes">Labels are in [0, Classes); at most 256.</param>
/// <param name="Pixels">[Count × Shape.Length], one image after the other.</param>
/// <param name="Labels">[Count].</param>
internal sealed record ImageStore(SampleShape Shape, int Classes, byte[] Pixels, byte[] Labels)
{
    public int Count => Labels.Length;

    /// <summary>The bytes of one image, channel by channel, row by row.</summary>
    public ReadOnlySpan<byte> Image(int index)
        => Pixels.AsSpan(checked(index * Shape.Length), Shape.Length);
}

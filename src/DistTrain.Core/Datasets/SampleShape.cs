namespace DistTrain.Core.Datasets;

/// <summary>
/// The shape of one sample: an image of Channels × Height × Width (channel-planar), or Features numbers,
/// written as Features × 1 × 1 with <see cref="IsImage"/> false.
/// </summary>
public readonly record struct SampleShape(int Channels, int Height, int Width, bool IsImage)
{
    public static SampleShape Image(int channels, int height, int width)
        => new(channels, height, width, true);
    public static SampleShape Vector(int features) => new(features, 1, 1, false);

    /// <summary>Numbers in one sample.</summary>
    public int Length => Channels * Height * Width;

    /// <summary>Dimensions without the batch: [C, H, W] or [F].</summary>
    public IReadOnlyList<int> Dimensions => IsImage ? [Channels, Height, Width] : [Channels];

    public override string ToString() => string.Join('×', Dimensions);
}

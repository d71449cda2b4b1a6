using DistTrain.Core.Datasets;
using DistTrain.Core.Sampling;
using DistTrain.Data.Images;

namespace DistTrain.Data.Synthetic;

/// <summary>
/// Random pixels with random labels, of any shape: for benchmarks, which need the cost of data but not its
/// meaning. Nothing can be learnt from it. Standardised like any image set.
/// </summary>
public sealed class SyntheticDataset : IDataset
{
    private readonly Lazy<string> _contentHash;

    /// <param name="shape">Shape of a sample; vectors are drawn as bytes as well.</param>
    /// <param name="classes">1 to 256.</param>
    /// <param name="count">Training samples.</param>
    /// <param name="seed">Other seeds give other samples.</param>
    public SyntheticDataset(SampleShape shape, int classes, int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(classes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 256);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        byte[] pixels = new byte[checked(count * shape.Length)];
        byte[] labels = new byte[count];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)KeyedRandom.Word((ulong)seed, (ulong)i);
        }

        ulong labelKey = KeyedRandom.Key((ulong)seed, (ulong)classes);
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)KeyedRandom.Below(labelKey, (ulong)i, classes);
        }

        Shape = shape;
        Classes = classes;
        var images = new ImageStore(shape, classes, pixels, labels);
        Train = new ImageSampleSet(
            images, null, PixelScale.Measure(images, [.. Enumerable.Range(0, count)]), augment: null);
        _contentHash = new Lazy<string>(() => Loading.ContentHasher.Hash(new ImageSplits(images, null)));
    }

    public string Name => "synthetic";
    public SampleShape Shape { get; }
    public int Classes { get; }
    public ISampleSet Train { get; }
    public ISampleSet? Validation => null;
    public ISampleSet? Test => null;
    public string ContentHash => _contentHash.Value;

    public void Dispose()
    {
        // Only managed memory is held.
    }
}

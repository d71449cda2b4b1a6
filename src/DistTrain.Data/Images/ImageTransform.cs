using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Core.Sampling;

namespace DistTrain.Data.Images;

/// <summary>
/// What augmentation does to one image: shift by whole pixels (a random crop of the zero-padded image) and
/// then perhaps mirror. Drawn from the seed, the epoch and the sample's index in the original training set;
/// never from a worker or a place in a batch, so that any worker makes the same image of it.
/// </summary>
/// <param name="Down">Row of the image that becomes row 0; negative rows are padding.</param>
/// <param name="Right">Column of the image that becomes column 0 (before mirroring).</param>
/// <param name="Mirror">Left becomes right.</param>
internal readonly record struct ImageTransform(int Down, int Right, bool Mirror)
{
    public static ImageTransform Draw(AugmentSpec spec, AugmentationKey key, int sample)
    {
        ulong epoch = KeyedRandom.Key(
            KeyedRandom.Key((ulong)key.Seed, (ulong)RandomDomain.Augmentation), (ulong)key.Epoch);
        ulong word = KeyedRandom.Key(epoch, (ulong)sample);
        int positions = 2 * spec.Crop + 1;
        return new ImageTransform(
            KeyedRandom.Below(word, 0, positions) - spec.Crop,
            KeyedRandom.Below(word, 1, positions) - spec.Crop,
            spec.Flip && KeyedRandom.Below(word, 2, 2) == 1);
    }

    /// <summary>Writes one row of the transformed image; what lies outside the image is pixel value
    /// 0.</summary>
    /// <param name="plane">One channel, [height × width].</param>
    /// <param name="width">Of the image.</param>
    /// <param name="y">Row of the transformed image.</param>
    /// <param name="row">[width].</param>
    public void CopyRow(ReadOnlySpan<byte> plane, int width, int y, Span<byte> row)
    {
        int sourceRow = y + Down;
        int first = Math.Clamp(-Right, 0, width), last = Math.Clamp(width - Right, 0, width);
        if (sourceRow < 0 || sourceRow * width >= plane.Length || first >= last)
        {
            row.Clear();
            return;
        }

        row[..first].Clear();
        plane.Slice(sourceRow * width + first + Right, last - first).CopyTo(row[first..]);
        row[last..].Clear();
        if (Mirror)
        {
            row.Reverse();
        }
    }
}

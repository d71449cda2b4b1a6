using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;

namespace DistTrain.Data.Images;

/// <summary>
/// Samples taken from an <see cref="ImageStore"/>: all of it or a selection. Holds no state of its own while
/// it gathers and allocates nothing, so any number of workers may use it at once.
/// </summary>
/// <param name="images">The decoded images, shared.</param>
/// <param name="selection">Sample i is image selection[i]; null: image i.</param>
/// <param name="scale">Pixels to inputs.</param>
/// <param name="augment">Applied when the caller gives a key; null: never.</param>
internal sealed class ImageSampleSet(
    ImageStore images, int[]? selection, PixelScale scale, AugmentSpec? augment)
    : ISampleSet
{
    public int Count => selection?.Length ?? images.Count;

    public void Gather(ReadOnlySpan<int> indices, AugmentationKey? augmentation, MicroBatch batch)
    {
        GatherChecks.Require(indices, Count, batch, images.Shape, targets: 0);
        Span<long> labels = batch.Labels.Span;
        int length = images.Shape.Length;
        AugmentSpec? applied = augment is { Crop: > 0 } or { Flip: true } ? augment : null;
        for (int i = 0; i < indices.Length; i++)
        {
            int original = selection is null ? indices[i] : selection[indices[i]];
            labels[i] = images.Labels[original];
            Span<float> inputs = batch.Inputs.Slice((long)i * length, length);
            if (applied is not null && augmentation is { } key)
            {
                Convert(images.Image(original), ImageTransform.Draw(applied, key, original), inputs);
            }
            else
            {
                Convert(images.Image(original), inputs);
            }
        }

        batch.Count = indices.Length;
    }

    private void Convert(ReadOnlySpan<byte> image, Span<float> inputs)
    {
        int channels = images.Shape.Channels, plane = images.Shape.Length / channels;
        for (int c = 0; c < channels; c++)
        {
            PixelConverter.Convert(
                image.Slice(c * plane, plane), scale.Scale[c], scale.Shift[c],
                inputs.Slice(c * plane, plane));
        }
    }

    private void Convert(ReadOnlySpan<byte> image, ImageTransform transform, Span<float> inputs)
    {
        (int channels, int height, int width, _) = images.Shape;
        int plane = height * width;
        Span<byte> row = stackalloc byte[width];
        for (int c = 0; c < channels; c++)
        {
            for (int y = 0; y < height; y++)
            {
                transform.CopyRow(image.Slice(c * plane, plane), width, y, row);
                PixelConverter.Convert(
                    row, scale.Scale[c], scale.Shift[c], inputs.Slice(c * plane + y * width, width));
            }
        }
    }
}

using DistTrain.Core.Datasets;

namespace DistTrain.Data.Images;

/// <summary>
/// Maps pixel values to model inputs, per channel: x = v·scale + shift. Standardising uses the mean and the
/// deviation of the images it is measured on; the sums are taken in integers, so they are exact and the same
/// for every order and machine.
/// </summary>
/// <param name="Scale">[Channels].</param>
/// <param name="Shift">[Channels]; also the input value of a pixel of 0.</param>
internal sealed record PixelScale(float[] Scale, float[] Shift)
{
    /// <summary>x = v/255, in [0, 1].</summary>
    public static PixelScale Unit(SampleShape shape)
        => new([.. Enumerable.Repeat(1 / 255f, shape.Channels)], new float[shape.Channels]);

    /// <summary>x = (v − mean)/deviation over the chosen images; a channel that never varies becomes
    /// 0.</summary>
    /// <param name="images">Where the pixels are.</param>
    /// <param name="chosen">Indices of the images measured.</param>
    public static PixelScale Measure(ImageStore images, ReadOnlySpan<int> chosen)
    {
        int channels = images.Shape.Channels, plane = images.Shape.Length / channels;
        var result = new PixelScale(new float[channels], new float[channels]);
        for (int channel = 0; channel < channels; channel++)
        {
            long sum = 0, squares = 0;
            foreach (int index in chosen)
            {
                (uint s, ulong q) = Sums(images.Image(index).Slice(channel * plane, plane));
                sum += s;
                squares += (long)q;
            }

            long n = (long)chosen.Length * plane;
            double mean = (double)sum / n;
            double deviation = Math.Sqrt((double)((Int128)squares * n - (Int128)sum * sum)) / n;
            double scale = deviation > 0 ? 1 / deviation : 1 / 255.0;
            result.Scale[channel] = (float)scale;
            result.Shift[channel] = (float)(-mean * scale);
        }

        return result;
    }

    private static (uint Sum, ulong Squares) Sums(ReadOnlySpan<byte> values)
    {
        uint sum = 0;
        ulong squares = 0;
        foreach (byte value in values)
        {
            sum += value;
            squares += (uint)(value * value);
        }

        return (sum, squares);
    }
}

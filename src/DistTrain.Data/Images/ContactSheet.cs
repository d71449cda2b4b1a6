using System.Text;

namespace DistTrain.Data.Images;

/// <summary>Writes images side by side into one picture, for looking at a set with one's own eyes.</summary>
internal static class ContactSheet
{
    private const byte Gap = 64;

    /// <summary>
    /// Images [first, first + columns × rows) as a binary PGM (one channel) or PPM (three channels), a
    /// one-pixel gap between them (Netpbm formats P5 and P6).
    /// </summary>
    public static void Write(ImageStore images, int first, int columns, int rows, Stream output)
    {
        (int channels, int height, int width, _) = images.Shape;
        if (channels is not (1 or 3))
        {
            throw new ArgumentException($"A picture has 1 or 3 channels, not {channels}.", nameof(images));
        }

        int sheetWidth = columns * (width + 1) - 1, sheetHeight = rows * (height + 1) - 1;
        byte[] sheet = new byte[sheetWidth * sheetHeight * channels];
        sheet.AsSpan().Fill(Gap);
        for (int cell = 0; cell < columns * rows && first + cell < images.Count; cell++)
        {
            ReadOnlySpan<byte> image = images.Image(first + cell);
            int left = cell % columns * (width + 1), top = cell / columns * (height + 1);
            for (int i = 0; i < image.Length; i++)
            {
                int channel = i / (height * width), y = i / width % height, x = i % width;
                sheet[((top + y) * sheetWidth + left + x) * channels + channel] = image[i];
            }
        }

        output.Write(
            Encoding.ASCII.GetBytes($"P{(channels == 1 ? 5 : 6)}\n{sheetWidth} {sheetHeight}\n255\n"));
        output.Write(sheet);
    }
}

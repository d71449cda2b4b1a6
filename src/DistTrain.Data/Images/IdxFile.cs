using System.Buffers.Binary;
using DistTrain.Core.Datasets;
using DistTrain.Data.Files;

namespace DistTrain.Data.Images;

/// <summary>
/// IDX, the format of MNIST (LeCun et al.), gzipped or not:
/// <code>
/// 0 0 type rank | dimension 0 … dimension rank−1, big-endian uint32 | values, row-major
/// </code>
/// Type 8 is an unsigned byte, the only one images and labels come in.
/// </summary>
internal static class IdxFile
{
    private const byte UnsignedByte = 8;
    private const int MaxSide = 4096;

    /// <summary>Reads images [count, height, width].</summary>
    /// <exception cref="Core.UserFaultException">Not such a file, damaged, truncated or
    /// over-long.</exception>
    public static (SampleShape Shape, byte[] Pixels, int Count) ReadImages(string path)
    {
        using PackedFile file = PackedFile.Open(path);
        long[] dimensions = ReadHeader(file, rank: 3, "images");
        long count = dimensions[0], height = dimensions[1], width = dimensions[2];
        if (count is 0 or > int.MaxValue || height is 0 or > MaxSide || width is 0 or > MaxSide)
        {
            throw file.Fault($"claims {count} images of {height}×{width}"
                + $"; at least one, of 1×1 to {MaxSide}×{MaxSide}, is needed");
        }

        byte[] pixels = file.ReadRest(count * height * width, "pixels");
        return (SampleShape.Image(1, (int)height, (int)width), pixels, (int)count);
    }

    /// <summary>Reads labels [count], each in [0, classes).</summary>
    /// <exception cref="Core.UserFaultException">As for images; or a label is out of range.</exception>
    public static byte[] ReadLabels(string path, int classes)
    {
        using PackedFile file = PackedFile.Open(path);
        byte[] labels = file.ReadRest(ReadHeader(file, rank: 1, "labels")[0], "labels");
        int wrong = classes > byte.MaxValue
            ? -1
            : labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classes - 1));
        return wrong < 0
            ? labels
            : throw file.Fault($"label {wrong} is {labels[wrong]}; labels are 0 to {classes - 1}");
    }

    private static long[] ReadHeader(PackedFile file, int rank, string what)
    {
        Span<byte> header = stackalloc byte[4 + 4 * rank];
        file.ReadExactly(header[..4], "the IDX header");
        if (header[0] != 0 || header[1] != 0)
        {
            throw file.Fault("is not an IDX file: it begins with "
                + $"{Convert.ToHexStringLower(header[..4])}, not with 0000");
        }

        if (header[2] != UnsignedByte || header[3] != rank)
        {
            throw file.Fault($"is an IDX file of type {header[2]} and rank {header[3]}"
                + $"; {what} have type {UnsignedByte} (bytes) and rank {rank}");
        }

        file.ReadExactly(header[4..], "the IDX header");
        var dimensions = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            dimensions[i] = BinaryPrimitives.ReadUInt32BigEndian(header[(4 + 4 * i)..]);
        }

        return dimensions;
    }
}

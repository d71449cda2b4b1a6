using System.Buffers.Binary;
using System.IO.Compression;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>
/// Small data sets in their public formats, which a model can learn: every class has a picture of its own,
/// and a sample is that picture under noise.
/// </summary>
internal static class SmallSets
{
    private const int Classes = 10;

    /// <summary>A folder of MNIST's four files with 28×28 images.</summary>
    public static string WriteIdx(Workspace workspace, string name, int train, int test)
    {
        (byte[] trainImages, byte[] trainLabels) = Draw(train, 28 * 28, seed: 1);
        (byte[] testImages, byte[] testLabels) = Draw(test, 28 * 28, seed: 2);
        workspace.Write($"{name}/train-images-idx3-ubyte.gz", Gzip(Idx([train, 28, 28], trainImages)));
        workspace.Write($"{name}/train-labels-idx1-ubyte", Idx([train], trainLabels));
        workspace.Write($"{name}/t10k-images-idx3-ubyte", Idx([test, 28, 28], testImages));
        workspace.Write($"{name}/t10k-labels-idx1-ubyte", Idx([test], testLabels));
        return workspace.File(name);
    }

    /// <summary>A folder of CIFAR-10's binary version.</summary>
    public static string WriteCifar(Workspace workspace, string name, int train, int test)
    {
        workspace.Write($"{name}/data_batch_1.bin", Cifar(train, seed: 1));
        workspace.Write($"{name}/test_batch.bin", Cifar(test, seed: 2));
        return workspace.File(name);
    }

    /// <summary>IDX: type 8 (bytes), the rank, the dimensions big-endian, the values.</summary>
    public static byte[] Idx(int[] dimensions, byte[] values)
    {
        byte[] file = new byte[4 + 4 * dimensions.Length + values.Length];
        (file[2], file[3]) = (8, (byte)dimensions.Length);
        for (int i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4 + 4 * i), dimensions[i]);
        }

        values.CopyTo(file, 4 + 4 * dimensions.Length);
        return file;
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Cifar(int count, int seed)
    {
        const int Pixels = 3 * 32 * 32;
        (byte[] pixels, byte[] labels) = Draw(count, Pixels, seed);
        byte[] file = new byte[count * (1 + Pixels)];
        for (int i = 0; i < count; i++)
        {
            file[i * (1 + Pixels)] = labels[i];
            pixels.AsSpan(i * Pixels, Pixels).CopyTo(file.AsSpan(i * (1 + Pixels) + 1));
        }

        return file;
    }

    private static (byte[] Pixels, byte[] Labels) Draw(int count, int length, int seed)
    {
        byte[] pictures = new byte[Classes * length];
        new Random(7).NextBytes(pictures);
        var noise = new Random(seed);
        byte[] pixels = new byte[count * length], labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = (byte)(i % Classes);
            for (int p = 0; p < length; p++)
            {
                pixels[i * length + p] = (byte)((pictures[labels[i] * length + p] + 3 * noise.Next(256)) / 4);
            }
        }

        return (pixels, labels);
    }
}

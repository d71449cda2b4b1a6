using System.Buffers.Binary;
using System.IO.Compression;
using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Data.Images;

namespace DistTrain.Data.Tests;

/// <summary>Bytes of small data sets in their public formats, and where the real ones are.</summary>
internal static class SampleFiles
{
    public static byte[] Idx(byte type, int[] dimensions, byte[] values)
    {
        byte[] file = new byte[4 + 4 * dimensions.Length + values.Length];
        file[2] = type;
        file[3] = (byte)dimensions.Length;
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

    public static byte[] Pixels(int count, int seed = 1)
    {
        byte[] pixels = new byte[count];
        new Random(seed).NextBytes(pixels);
        return pixels;
    }

    public static byte[] Labels(int count) => [.. Enumerable.Range(0, count).Select(i => (byte)(i * 7 % 10))];

    /// <summary>Four IDX files: <paramref name="train"/> and <paramref name="test"/> images of 4×3.</summary>
    public static void WriteIdxFolder(TempFolder folder, string name, int train, int test, bool gzip = true)
    {
        Write(IdxFolder.TrainImages, Idx(8, [train, 4, 3], Pixels(train * 12)));
        Write(IdxFolder.TrainLabels, Idx(8, [train], Labels(train)));
        Write(IdxFolder.TestImages, Idx(8, [test, 4, 3], Pixels(test * 12, seed: 2)));
        Write(IdxFolder.TestLabels, Idx(8, [test], Labels(test)));

        void Write(string file, byte[] bytes)
            => folder.Write(Path.Combine(name, gzip ? file + ".gz" : file), gzip ? Gzip(bytes) : bytes);
    }

    public static byte[] Cifar(int count, int seed = 1)
    {
        byte[] file = Pixels(count * 3073, seed);
        for (int i = 0; i < count; i++)
        {
            file[i * 3073] = (byte)(i % 10);
        }

        return file;
    }

    public static ImageStore RandomImages(SampleShape shape, int count)
        => new(shape, 10, Pixels(count * shape.Length), Labels(count));

    public static DatasetSpec Spec(string name, int validation = 0, bool standardize = true) => new()
    {
        Name = name,
        Validation = validation,
        Standardize = standardize,
        Augment = new AugmentSpec(),
    };

    /// <summary>The one user fault an action must throw, its message for looking at.</summary>
    public static string FaultOf(Action action) => Should.Throw<UserFaultException>(action).Message;

    /// <summary>The folder of the real data sets; skips the test, with the reason, where there is
    /// none.</summary>
    public static string RealData(string set)
    {
        string? root = Environment.GetEnvironmentVariable("DISTTRAIN_DATA");
        var at = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is null && at is not null)
        {
            string beside = Path.Combine(at.FullName, "..", "shared", "data");
            bool isRepository = File.Exists(Path.Combine(at.FullName, "DistTrain.sln"));
            root = isRepository && Directory.Exists(beside) ? beside : null;
            at = at.Parent;
        }

        string folder = Path.Combine(root ?? "", set);
        Skip.If(root is null || !Directory.Exists(folder), $"no {set} in DISTTRAIN_DATA or ../shared/data");
        return Path.GetFullPath(folder);
    }
}

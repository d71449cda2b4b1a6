using DistTrain.Core;
using DistTrain.Core.Datasets;

namespace DistTrain.Data.Images;

/// <summary>
/// CIFAR-10's binary version (Krizhevsky 2009): per image one label byte, then 32×32 bytes of red, of green
/// and of blue. Whatever data_batch_*.bin and test_batch*.bin a folder holds is the set, in the order of
/// their names.
/// </summary>
internal static class Cifar10Folder
{
    public const int Classes = 10;
    private const int RecordBytes = 1 + 3 * 32 * 32;

    public static SampleShape Shape => SampleShape.Image(3, 32, 32);

    public static IReadOnlyList<string> TrainFiles(string folder) => Files(folder, "data_batch_*.bin");

    public static IReadOnlyList<string> TestFiles(string folder) => Files(folder, "test_batch*.bin");

    /// <summary>Whether the folder has at least one batch.</summary>
    public static bool IsOne(string folder) => TrainFiles(folder).Count + TestFiles(folder).Count > 0;

    /// <exception cref="UserFaultException">No training batch, or a file is damaged.</exception>
    public static ImageSplits Read(string folder)
    {
        IReadOnlyList<string> train = TrainFiles(folder), test = TestFiles(folder);
        return train.Count == 0
            ? throw new UserFaultException($"{folder}: there is no data_batch_*.bin")
            : new ImageSplits(ReadFiles(train), test.Count == 0 ? null : ReadFiles(test));
    }

    private static List<string> Files(string folder, string pattern)
        => [.. Directory.EnumerateFiles(folder, pattern).Order(StringComparer.Ordinal)];

    private static ImageStore ReadFiles(IReadOnlyList<string> paths)
    {
        long[] counts = [.. paths.Select(CountRecords)];
        if (counts.Sum() * Shape.Length > Array.MaxLength)
        {
            throw new UserFaultException(
                $"{Path.GetDirectoryName(paths[0])}: {counts.Sum()} images are too many");
        }

        int total = (int)counts.Sum();
        byte[] pixels = GC.AllocateUninitializedArray<byte>(total * Shape.Length);
        byte[] labels = new byte[total];
        int at = 0;
        for (int i = 0; i < paths.Count; i++)
        {
            ReadRecords(paths[i], (int)counts[i], pixels.AsSpan(at * Shape.Length), labels.AsSpan(at));
            at += (int)counts[i];
        }

        return new ImageStore(Shape, Classes, pixels, labels);
    }

    private static long CountRecords(string path)
    {
        long bytes = new FileInfo(path).Length;
        return bytes > 0 && bytes % RecordBytes == 0
            ? bytes / RecordBytes
            : throw new UserFaultException($"{path}: has {bytes} bytes, which is not a whole number of images"
                + $" of {RecordBytes} bytes (one label, 3,072 pixels); it is truncated or damaged");
    }

    private static void ReadRecords(string path, int count, Span<byte> pixels, Span<byte> labels)
    {
        using var file = Data.Files.PackedFile.Open(path);
        for (int i = 0; i < count; i++)
        {
            file.ReadExactly(labels.Slice(i, 1), "a label");
            if (labels[i] >= Classes)
            {
                throw file.Fault($"label {i} is {labels[i]}; labels are 0 to {Classes - 1}");
            }

            file.ReadExactly(pixels.Slice(i * Shape.Length, Shape.Length), "an image");
        }
    }
}

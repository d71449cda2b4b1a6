using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using DistTrain.Data.Images;
using DistTrain.Data.Tables;

namespace DistTrain.Data.Loading;

/// <summary>
/// The identity of a set's decoded content, whatever files it came in: SHA-256 over, for the training split
/// and then the test split, an ASCII header "split count×shape\n", the inputs and the labels (or targets),
/// numbers little-endian. A missing test split has count 0 and no bytes.
/// </summary>
internal static class ContentHasher
{
    public static string Hash(ImageSplits splits)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, "train", splits.Train);
        Add(hash, "test", splits.Test);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Features as float64 before standardising, labels as int32, targets as float32.</summary>
    public static string Hash(CsvTable train, CsvTable? test)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, "train", train);
        Add(hash, "test", test);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Add(IncrementalHash hash, string split, ImageStore? images)
    {
        AddHeader(hash, split, images?.Count ?? 0, images?.Shape.ToString() ?? "");
        hash.AppendData(images?.Pixels ?? []);
        hash.AppendData(images?.Labels ?? []);
    }

    private static void Add(IncrementalHash hash, string split, CsvTable? table)
    {
        AddHeader(hash, split, table?.Count ?? 0, string.Join(',', table?.Columns ?? []));
        if (table is not null)
        {
            AddLittleEndian(hash, table.Features);
            hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', table.Labels)));
        }
    }

    private static void AddHeader(IncrementalHash hash, string split, int count, string shape)
        => hash.AppendData(Encoding.UTF8.GetBytes($"{split} {count}×{shape}\n"));

    private static void AddLittleEndian(IncrementalHash hash, double[] numbers)
    {
        if (BitConverter.IsLittleEndian)
        {
            hash.AppendData(MemoryMarshal.AsBytes(numbers.AsSpan()));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(double)];
        foreach (double number in numbers)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }
}

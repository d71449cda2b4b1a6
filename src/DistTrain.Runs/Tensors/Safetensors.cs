using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using DistTrain.Core.Memory;
using DistTrain.Runs.Storage;

namespace DistTrain.Runs.Tensors;

/// <summary>
/// Writes the safetensors format (https://github.com/huggingface/safetensors), which any framework reads
/// without running code from the file:
/// <code>
///   ┌─────────────┬───────────────────────────────┬────────────────────────────────────┐
///   │ u64 length  │ JSON, padded with spaces so   │ tensors, little-endian, row-major, │
///   │ of the JSON │ that the data starts at 8·k   │ one after another without gaps     │
///   └─────────────┴───────────────────────────────┴────────────────────────────────────┘
/// </code>
/// Tensors are handed to the file in pieces, straight from native memory.
/// </summary>
public static class Safetensors
{
    private const int ChunkElements = 1 << 20;

    /// <summary>Replaces a file, atomically.</summary>
    /// <exception cref="IOException">It cannot be written; the previous one is untouched.</exception>
    public static void Write(
        string path, IReadOnlyList<TensorView> tensors, IReadOnlyDictionary<string, string> metadata)
        => AtomicFile.Replace(path, stream => Write(stream, tensors, metadata));

    /// <summary>Writes one file to a stream.</summary>
    /// <exception cref="ArgumentException">Two tensors of one name, or one outside its buffer.</exception>
    public static void Write(
        Stream stream, IReadOnlyList<TensorView> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ReadOnlySpan<byte> header = Header(tensors, metadata);
        Span<byte> prefix = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
        stream.Write(prefix);
        stream.Write(header);
        ForEachChunk(tensors, stream.Write);
    }

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="Core.UserFaultException">It is missing, unreadable, or not sound.</exception>
    public static SafetensorsFile Read(string path) => SafetensorsFile.Open(path);

    /// <summary>SHA-256 of the data section that these tensors would make, lower-case hex.</summary>
    public static string HashData(IReadOnlyList<TensorView> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ForEachChunk(tensors, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>SHA-256 over the first elements of a buffer as little-endian bytes, lower-case hex.</summary>
    internal static string Hash(NativeBuffer<float> buffer, long count)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        ForEachChunk(buffer, 0, count, hash.AppendData);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ReadOnlySpan<byte> Header(
        IReadOnlyList<TensorView> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(
            buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            WriteMetadata(json, metadata);
            long offset = 0;
            foreach (TensorView tensor in tensors)
            {
                if (!names.Add(tensor.Name))
                {
                    throw new ArgumentException($"Two tensors are called '{tensor.Name}'.", nameof(tensors));
                }

                WriteEntry(json, tensor, offset);
                offset += tensor.ByteLength;
            }

            json.WriteEndObject();
        }

        while (buffer.WrittenCount % 8 != 0)
        {
            buffer.Write(" "u8);
        }

        return buffer.WrittenSpan;
    }

    private static void WriteMetadata(Utf8JsonWriter json, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(SafetensorsHeader.MetadataKey);
        foreach ((string key, string value) in metadata)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, TensorView tensor, long offset)
    {
        if (tensor.Offset < 0 || tensor.Length > tensor.Buffer.Length - tensor.Offset)
        {
            throw new ArgumentException($"Tensor '{tensor.Name}' lies outside its buffer.", nameof(tensor));
        }

        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype"u8, "F32"u8);
        json.WriteStartArray("shape"u8);
        foreach (int dimension in tensor.Shape)
        {
            json.WriteNumberValue(dimension);
        }

        json.WriteEndArray();
        json.WriteStartArray("data_offsets"u8);
        json.WriteNumberValue(offset);
        json.WriteNumberValue(offset + tensor.ByteLength);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void ForEachChunk(IReadOnlyList<TensorView> tensors, Take take)
    {
        foreach (TensorView tensor in tensors)
        {
            ForEachChunk(tensor.Buffer, tensor.Offset, tensor.Length, take);
        }
    }

    private static void ForEachChunk(NativeBuffer<float> buffer, long offset, long count, Take take)
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException(
                "Tensors are written as they lie: little-endian machines only.");
        }

        for (long done = 0; done < count;)
        {
            int length = (int)Math.Min(count - done, ChunkElements);
            take(MemoryMarshal.AsBytes(buffer.Slice(offset + done, length)));
            done += length;
        }
    }

    private delegate void Take(ReadOnlySpan<byte> chunk);
}

using System.Text.Json;
using System.Text.Unicode;

namespace DistTrain.Runs.Tensors;

/// <summary>
/// The JSON part of a safetensors file, read with distrust: a name, type, shape or offset that does not fit
/// the file is a fault before a byte of tensor memory is asked for.
/// <code>
///   {"__metadata__":{"k":"v"}, "NAME":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}, …}
/// </code>
/// Offsets are bytes from the end of the header. Together the tensors must cover the data section exactly,
/// with neither hole nor overlap, as the reference implementation demands, so that nothing can hide in a
/// file.
/// </summary>
internal sealed record SafetensorsHeader(
    IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<SafetensorsEntry> Tensors)
{
    public const string MetadataKey = "__metadata__";

    /// <summary>The reference's bound on the header.</summary>
    public const long LargestHeader = 100_000_000;

    private static readonly JsonDocumentOptions Strict = new()
    {
        MaxDepth = 4,
        AllowDuplicateProperties = false,
    };

    /// <summary>Parses a header.</summary>
    /// <param name="json">The header's bytes, padding included.</param>
    /// <param name="dataLength">Bytes that follow the header in the file.</param>
    /// <exception cref="FormatException">What is wrong, without the file's name.</exception>
    public static SafetensorsHeader Parse(ReadOnlyMemory<byte> json, long dataLength)
    {
        if (json.IsEmpty || json.Span[0] != (byte)'{')
        {
            throw new FormatException("the header does not begin with '{'");
        }

        if (!Utf8.IsValid(json.Span))
        {
            throw new FormatException("the header is not UTF-8 text");
        }

        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return Read(document.RootElement, dataLength);
        }
        catch (JsonException e)
        {
            throw new FormatException(
                $"the header is not the JSON it should be, near its byte {e.BytePositionInLine}", e);
        }
        catch (InvalidOperationException e)
        {
            // An escaped half of a surrogate pair: valid JSON, yet no text.
            throw new FormatException("the header holds a string that is not text", e);
        }
    }

    private static SafetensorsHeader Read(JsonElement root, long dataLength)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new List<SafetensorsEntry>();
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (property.NameEquals(MetadataKey))
            {
                ReadMetadata(property.Value, metadata);
            }
            else
            {
                tensors.Add(ReadEntry(property.Name, property.Value, dataLength));
            }
        }

        // Empty tensors share their offset with a neighbour; they go first.
        tensors.Sort((a, b) => (a.Offset, a.ByteLength).CompareTo((b.Offset, b.ByteLength)));
        long end = 0;
        foreach (SafetensorsEntry entry in tensors)
        {
            if (entry.Offset != end)
            {
                throw new FormatException(
                    $"tensor '{entry.Name}' begins at byte {entry.Offset} of the data, which "
                    + (entry.Offset < end ? "overlaps another tensor" : "leaves a hole")
                        + $" (expected {end})");
            }

            end = entry.Offset + entry.ByteLength;
        }

        return end == dataLength
            ? new SafetensorsHeader(metadata, tensors)
            : throw new FormatException(
                $"the tensors take {end} bytes but {dataLength} follow the header");
    }

    private static void ReadMetadata(JsonElement element, Dictionary<string, string> metadata)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException($"{MetadataKey} is not an object");
        }

        foreach (JsonProperty property in element.EnumerateObject())
        {
            metadata[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : throw new FormatException($"{MetadataKey} '{property.Name}' is not a string");
        }
    }

    private static SafetensorsEntry ReadEntry(string name, JsonElement element, long dataLength)
    {
        if (element.ValueKind != JsonValueKind.Object
            || !element.TryGetProperty("dtype", out JsonElement type)
            || type.ValueKind != JsonValueKind.String
            || !element.TryGetProperty("shape", out JsonElement shape)
            || !TryReadSizes(shape, out long[] sizes)
            || !element.TryGetProperty("data_offsets", out JsonElement offsets)
            || !TryReadSizes(offsets, out long[] range) || range.Length != 2)
        {
            throw new FormatException($"tensor '{name}' lacks a sound dtype, shape or data_offsets");
        }

        string typeName = type.GetString()!;
        int elementSize = SafetensorsEntry.ElementSize(typeName);
        if (elementSize == 0)
        {
            throw new FormatException($"tensor '{name}' has the unknown type '{typeName}'");
        }

        (long begin, long end) = (range[0], range[1]);
        if (begin > end || end > dataLength)
        {
            throw new FormatException(
                $"tensor '{name}' claims bytes {begin} to {end} of data that has {dataLength}");
        }

        return ByteLength(sizes, elementSize) == end - begin
            ? new SafetensorsEntry(name, typeName, sizes, begin, end - begin)
            : throw new FormatException(
                $"tensor '{name}' has {end - begin} bytes, which is not its shape "
                + $"[{string.Join(", ", sizes)}] of {typeName}");
    }

    private static bool TryReadSizes(JsonElement element, out long[] sizes)
    {
        sizes = [];
        if (element.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        sizes = new long[element.GetArrayLength()];
        int next = 0;
        foreach (JsonElement item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt64(out long size) || size < 0)
            {
                return false;
            }

            sizes[next++] = size;
        }

        return true;
    }

    /// <summary>Bytes of a shape; −1 where that is more than any file has.</summary>
    private static long ByteLength(long[] shape, int elementSize)
    {
        if (shape.Contains(0))
        {
            return 0;
        }

        Int128 bytes = elementSize;
        foreach (long dimension in shape)
        {
            bytes *= dimension;
            if (bytes > long.MaxValue)
            {
                return -1;
            }
        }

        return (long)bytes;
    }
}

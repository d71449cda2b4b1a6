using System.Buffers.Binary;
using System.Text;

namespace DistTrain.Runs.Tests.TensorBoard;

/// <summary>One decoded event.</summary>
internal sealed record DecodedEvent(
    double WallTime, long Step, string? FileVersion, bool SessionStart, IReadOnlyDictionary<string,
        float> Scalars);

/// <summary>
/// A decoder of event files that shares no code with the writer: frames, checksums and protobuf by hand.
/// </summary>
internal static class EventFile
{
    public static List<DecodedEvent> Read(string path)
    {
        ReadOnlySpan<byte> rest = File.ReadAllBytes(path);
        var events = new List<DecodedEvent>();
        while (rest.Length > 0)
        {
            int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(rest));
            BinaryPrimitives.ReadUInt32LittleEndian(rest[8..]).ShouldBe(Masked(rest[..8]));
            BinaryPrimitives.ReadUInt32LittleEndian(rest[(12 + length)..])
                .ShouldBe(Masked(rest.Slice(12, length)));
            events.Add(Event(rest.Slice(12, length).ToArray()));
            rest = rest[(16 + length)..];
        }

        return events;
    }

    /// <summary>The definition, a bit at a time.</summary>
    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }

        return crc ^ 0xFFFFFFFF;
    }

    private static uint Masked(ReadOnlySpan<byte> data)
    {
        uint crc = Crc32C(data);
        return unchecked(((crc >> 15) | (crc << 17)) + 0xA282EAD8);
    }

    private static DecodedEvent Event(byte[] message)
    {
        var scalars = new Dictionary<string, float>(StringComparer.Ordinal);
        (double wallTime, long step, string? version, bool start) = (0, 0, null, false);
        foreach ((int field, byte[] content) in Fields(message))
        {
            switch (field)
            {
                case 1: wallTime = BitConverter.ToDouble(content); break;
                case 2: step = (long)BitConverter.ToUInt64(content); break;
                case 3: version = Encoding.UTF8.GetString(content); break;
                case 5: AddScalars(content, scalars); break;
                case 7:
                    start = BitConverter.ToUInt64(
                    Fields(content).Single(f => f.Field == 1).Content) == 1; break;
                default: throw new InvalidDataException($"Event has no field {field} that we write.");
            }
        }

        return new DecodedEvent(wallTime, step, version, start, scalars);
    }

    private static void AddScalars(byte[] summary, Dictionary<string, float> scalars)
    {
        foreach ((int field, byte[] value) in Fields(summary))
        {
            field.ShouldBe(1);
            List<(int Field, byte[] Content)> parts = Fields(value);
            parts.Select(part => part.Field).ShouldBe([1, 2]);
            scalars.Add(Encoding.UTF8.GetString(parts[0].Content), BitConverter.ToSingle(parts[1].Content));
        }
    }

    /// <summary>Fields of a protobuf message; a varint's content is its value in 8 bytes.</summary>
    private static List<(int Field, byte[] Content)> Fields(byte[] message)
    {
        var fields = new List<(int Field, byte[] Content)>();
        int at = 0;
        while (at < message.Length)
        {
            ulong tag = Varint(message, ref at);
            byte[] content;
            switch (tag & 7)
            {
                case 0:
                    content = BitConverter.GetBytes(Varint(message, ref at));
                    break;
                case 1:
                    content = message[at..(at += 8)];
                    break;
                case 2:
                    int length = (int)Varint(message, ref at);
                    content = message[at..(at += length)];
                    break;
                case 5:
                    content = message[at..(at += 4)];
                    break;
                default:
                    throw new InvalidDataException("Wire type " + (tag & 7));
            }

            fields.Add(((int)(tag >> 3), content));
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}

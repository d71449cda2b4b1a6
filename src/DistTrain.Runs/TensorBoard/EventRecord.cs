using System.Buffers.Binary;
using Google.Protobuf;

namespace DistTrain.Runs.TensorBoard;

/// <summary>One number of a chart, at the step of its event.</summary>
internal readonly record struct Scalar(string Tag, double Value);

/// <summary>
/// Bytes of TensorBoard events. Each is a TFRecord around a protobuf message:
/// <code>
///   u64 length │ u32 masked CRC of the length │ Event │ u32 masked CRC of the event       all little-endian
///
///   Event   { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5;
///             SessionLog session_log = 7; }
///   Summary { repeated Value value = 1; }      Value { string tag = 1; float simple_value = 2; }
///   SessionLog { SessionStatus status = 1; }   START = 1
/// </code>
/// Source: tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto.
/// </summary>
internal static class EventRecord
{
    private const int FrameHead = sizeof(ulong) + sizeof(uint);

    /// <summary>The first event of every file.</summary>
    public static byte[] FileVersion(double wallTime)
        => Frame(Event(wallTime, 0, output => Text(output, 3, "brain.Event:2")));

    /// <summary>A run that starts over from a step: what was charted from this step on is void.</summary>
    public static byte[] SessionStart(double wallTime, long step)
        => Frame(Event(wallTime, step, output => Nested(output, 7, Message(log =>
        {
            log.WriteTag(1, WireFormat.WireType.Varint);
            log.WriteInt32(1);
        }))));

    public static byte[] Scalars(double wallTime, long step, IReadOnlyList<Scalar> scalars)
        => Frame(Event(wallTime, step, output => Nested(output, 5, Message(summary =>
        {
            foreach (Scalar scalar in scalars)
            {
                Nested(summary, 1, Message(value =>
                {
                    Text(value, 1, scalar.Tag);
                    value.WriteTag(2, WireFormat.WireType.Fixed32);
                    value.WriteFloat((float)scalar.Value);
                }));
            }
        }))));

    private static byte[] Event(double wallTime, long step, Action<CodedOutputStream> content)
        => Message(output =>
    {
        output.WriteTag(1, WireFormat.WireType.Fixed64);
        output.WriteDouble(wallTime);
        output.WriteTag(2, WireFormat.WireType.Varint);
        output.WriteInt64(step);
        content(output);
    });

    private static byte[] Frame(byte[] data)
    {
        byte[] record = new byte[FrameHead + data.Length + sizeof(uint)];
        BinaryPrimitives.WriteUInt64LittleEndian(record, (ulong)data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(
            record.AsSpan(sizeof(ulong)), MaskedCrc32C.Compute(record.AsSpan(0, sizeof(ulong))));
        data.CopyTo(record, FrameHead);
        BinaryPrimitives.WriteUInt32LittleEndian(
            record.AsSpan(FrameHead + data.Length), MaskedCrc32C.Compute(data));
        return record;
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }

        return memory.ToArray();
    }

    private static void Text(CodedOutputStream output, int field, string text)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(text);
    }

    private static void Nested(CodedOutputStream output, int field, byte[] message)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(message));
    }
}

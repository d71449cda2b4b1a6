using System.Runtime.Serialization;
using System.Text;
using System.Text.Json;
using Akka.Actor;
using Akka.Serialization;
using DistTrain.Api;
using DistTrain.Api.Json;

namespace DistTrain.Akka.Messages;

/// <summary>
/// The one serializer of what we send through Akka.Remote. A frame is its channel and number, 16 bytes, and
/// then the control message as DistTrain.Net encodes it, copied once: no reflection, and no JSON of bytes.
/// <code>
///   manifest   bytes
///   F  frame   channel u64, sequence i64, body
///   A  ack     channel u64, sequence i64
///   O  open    channel u64                     P  opened  channel u64
///   C  closed  channel u64, text               W  wanted  text          L  offered  i32, text
///   E  event   text, JSON of the API           V  version i64, text     S  stopping text, text
/// </code>
/// Little-endian; a text is UTF-8 behind its length. What cannot be read, or is too long, is refused with a
/// <see cref="SerializationException"/>, on either side.
/// </summary>
public sealed class ControlSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Longest control message, in bytes; that of a link over TCP.</summary>
    internal const int MostBodyBytes = 4 << 20;

    private const int HeaderBytes = 16;
    private const int MostTextBytes = 64 << 10;

    public override int Identifier => 7700;

    public override string Manifest(object o) => o switch
    {
        ControlFrame => "F",
        ControlAck => "A",
        OpenControl => "O",
        ControlOpened => "P",
        ControlClosed => "C",
        LinkWanted => "W",
        LinkOffered => "L",
        JobEventTold => "E",
        WeightsAnnounced => "V",
        StoppingDecided => "S",
        _ => throw new SerializationException($"{o.GetType().Name} does not travel between nodes"),
    };

    public override byte[] ToBinary(object obj)
    {
        using var stream = new MemoryStream(obj is ControlFrame f ? f.Body.Length + HeaderBytes : 64);
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        Write(obj, writer);
        writer.Flush();
        if (stream.Length > MostBodyBytes + HeaderBytes)
        {
            throw new SerializationException(
                $"{obj.GetType().Name} has {stream.Length} bytes; {MostBodyBytes} are allowed");
        }
        // A frame's buffer was made to measure and needs no second copy.
        return stream.Capacity == stream.Length ? stream.GetBuffer() : stream.ToArray();
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (bytes.Length > MostBodyBytes + HeaderBytes)
        {
            throw new SerializationException($"a message of {bytes.Length} bytes is too long");
        }
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            return Read(manifest, reader, bytes);
        }
        catch (Exception fault) when (fault is EndOfStreamException or JsonException or FormatException)
        {
            throw new SerializationException($"a message of kind {manifest} cannot be read", fault);
        }
    }

    private static void Write(object message, BinaryWriter to)
    {
        switch (message)
        {
            case ControlFrame m:
                to.Write(m.Channel);
                to.Write(m.Sequence);
                to.Write(m.Body);
                break;
            case ControlAck m:
                to.Write(m.Channel);
                to.Write(m.Sequence);
                break;
            case OpenControl m:
                to.Write(m.Channel);
                break;
            case ControlOpened m:
                to.Write(m.Channel);
                break;
            case ControlClosed m:
                to.Write(m.Channel);
                to.Write(m.Reason);
                break;
            case LinkWanted m:
                to.Write(m.Node);
                break;
            case LinkOffered m:
                to.Write(m.Port);
                to.Write(m.Host);
                break;
            case JobEventTold m:
                to.Write(m.Job);
                to.Write(ApiJson.Write(m.Event));
                break;
            case WeightsAnnounced m:
                to.Write(m.Version);
                to.Write(m.Job);
                break;
            case StoppingDecided m:
                to.Write(m.Job);
                to.Write(m.Reason);
                break;
            default:
                throw new SerializationException($"{message.GetType().Name} does not travel between nodes");
        }
    }

    private static IClusterMessage Read(string manifest, BinaryReader from, byte[] bytes) => manifest switch
    {
        "F" => new ControlFrame(from.ReadUInt64(), from.ReadInt64(), bytes[HeaderBytes..]),
        "A" => new ControlAck(from.ReadUInt64(), from.ReadInt64()),
        "O" => new OpenControl(from.ReadUInt64()),
        "P" => new ControlOpened(from.ReadUInt64()),
        "C" => new ControlClosed(from.ReadUInt64(), Text(from)),
        "W" => new LinkWanted(Text(from)),
        "L" => ReadOffer(from),
        "E" => new JobEventTold(
            Text(from), ApiJson.Read<JobEvent>(bytes.AsSpan((int)from.BaseStream.Position))),
        "V" => ReadVersion(from),
        "S" => new StoppingDecided(Text(from), Text(from)),
        _ => throw new SerializationException($"no message is of kind {manifest}"),
    };

    private static LinkOffered ReadOffer(BinaryReader from)
    {
        int port = from.ReadInt32();
        return port is > 0 and <= ushort.MaxValue
            ? new LinkOffered(Text(from), port)
            : throw new SerializationException($"an offer of port {port}");
    }

    private static WeightsAnnounced ReadVersion(BinaryReader from)
    {
        long version = from.ReadInt64();
        return version >= 0
            ? new WeightsAnnounced(Text(from), version)
            : throw new SerializationException($"weights of version {version}");
    }

    private static string Text(BinaryReader from)
    {
        int bytes = from.Read7BitEncodedInt();
        if (bytes is < 0 or > MostTextBytes)
        {
            throw new SerializationException($"a text of {bytes} bytes");
        }
        byte[] read = from.ReadBytes(bytes);
        return read.Length == bytes ? Encoding.UTF8.GetString(read) : throw new EndOfStreamException();
    }
}

using DistTrain.Core.Cluster;
using DistTrain.Core.Membership;
using Google.Protobuf;
using static DistTrain.Net.Wire.WireLimits;
using IMessage = DistTrain.Core.Hosting.IMessage;

namespace DistTrain.Net.Wire;

/// <summary>
/// Between the records the machines speak in and the messages of disttrain.proto. The records are the
/// program's own and may change with it; the messages are the protocol and may not. What is decoded has been
/// held to <see cref="WireLimits"/>: a machine never sees a negative range, an unknown enum or a file name
/// that climbs out of its folder.
/// </summary>
internal static class WireCodec
{
    private static readonly MessageParser<Proto.Envelope> _parser =
        Proto.Envelope.Parser.WithDiscardUnknownFields(true);

    /// <exception cref="ArgumentException">The message is none that travels: a mistake of ours.</exception>
    public static Proto.Envelope ToWire(IMessage message) => message switch
    {
        RunMessage m => new() { RunMessage = RunMessageCodec.ToWire(m) },
        Heartbeat m => new() { Heartbeat = new() { Sequence = m.Sequence } },
        WeightsSent m => new() { WeightsSent = new() { Run = Run(m.Run), Version = m.Version } },
        RegisterNode m => new() { RegisterNode = MembershipCodec.ToWire(m) },
        RunPrepared m => new() { RunPrepared = new() { Run = Run(m.Run) } },
        RunRefused m => new() { RunRefused = new() { Run = Run(m.Run), Reason = Cut(m.Reason) } },
        RunReleased m => new() { RunReleased = new() { Run = Run(m.Run) } },
        LeaveRequest => new() { LeaveRequest = new() },
        NodeNotice m => new() { NodeNotice = new() { Text = Cut(m.Text) } },
        NodeAccepted m => new() { NodeAccepted = MembershipCodec.ToWire(m) },
        NodeRefused m => new() { NodeRefused = new() { Reason = Cut(m.Reason), TryAgain = m.TryAgain } },
        PrepareRun m => new() { PrepareRun = RunInputsCodec.ToWire(m) },
        ReleaseRun m => new() { ReleaseRun = new() { Run = Run(m.Run) } },
        LeaveReply => new() { LeaveReply = new() },
        FilePieceRequest m => new()
        {
            FilePieceRequest = new() { Sha256 = m.Sha256, Offset = m.Offset, Bytes = m.Bytes },
        },
        FilePiece m => new() { FilePiece = new() { Sha256 = m.Sha256, Offset = m.Offset } },
        _ => throw new ArgumentException($"{message.GetType().Name} does not travel", nameof(message)),
    };

    /// <exception cref="ProtocolFaultException">The bytes are no valid message.</exception>
    public static IMessage Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return FromWire(_parser.ParseFrom(bytes));
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw new ProtocolFaultException("a control message is not valid protobuf", fault);
        }
    }

    public static Proto.Run Run(RunId run) => new() { Job = run.Job.Name, Attempt = run.Attempt };

    public static RunId Run(Proto.Run? run)
        => new(new JobId(Name(Present(run).Job)), AtLeast(1, run!.Attempt));

    private static IMessage FromWire(Proto.Envelope envelope) => envelope.MessageCase switch
    {
        Proto.Envelope.MessageOneofCase.RunMessage => RunMessageCodec.FromWire(envelope.RunMessage),
        Proto.Envelope.MessageOneofCase.Heartbeat => new Heartbeat(AtLeast(0, envelope.Heartbeat.Sequence)),
        Proto.Envelope.MessageOneofCase.WeightsSent
            => new WeightsSent(Run(envelope.WeightsSent.Run), AtLeast(0, envelope.WeightsSent.Version)),
        Proto.Envelope.MessageOneofCase.RegisterNode => MembershipCodec.FromWire(envelope.RegisterNode),
        Proto.Envelope.MessageOneofCase.RunPrepared => new RunPrepared(Run(envelope.RunPrepared.Run)),
        Proto.Envelope.MessageOneofCase.RunRefused
            => new RunRefused(Run(envelope.RunRefused.Run), Text(envelope.RunRefused.Reason)),
        Proto.Envelope.MessageOneofCase.RunReleased => new RunReleased(Run(envelope.RunReleased.Run)),
        Proto.Envelope.MessageOneofCase.LeaveRequest => new LeaveRequest(),
        Proto.Envelope.MessageOneofCase.NodeNotice => new NodeNotice(Text(envelope.NodeNotice.Text)),
        Proto.Envelope.MessageOneofCase.NodeAccepted => MembershipCodec.FromWire(envelope.NodeAccepted),
        Proto.Envelope.MessageOneofCase.NodeRefused
            => new NodeRefused(Text(envelope.NodeRefused.Reason), envelope.NodeRefused.TryAgain),
        Proto.Envelope.MessageOneofCase.PrepareRun => RunInputsCodec.FromWire(envelope.PrepareRun),
        Proto.Envelope.MessageOneofCase.ReleaseRun => new ReleaseRun(Run(envelope.ReleaseRun.Run)),
        Proto.Envelope.MessageOneofCase.LeaveReply => new LeaveReply(),
        Proto.Envelope.MessageOneofCase.FilePieceRequest
            => RunInputsCodec.FromWire(envelope.FilePieceRequest),
        Proto.Envelope.MessageOneofCase.FilePiece => RunInputsCodec.FromWire(envelope.FilePiece),
        _ => throw new ProtocolFaultException("a control message is of an unknown kind"),
    };
}

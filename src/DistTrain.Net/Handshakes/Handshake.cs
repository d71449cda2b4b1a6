using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Handshakes;

/// <summary>
/// What two ends do before they are a link. The connecting end proves first, so that a stranger who knocks
/// gets nothing that was made with the token.
/// <code>
///   connecting                     listening
///       │ hello ─────────────────────►│ versions? token or none?
///       │◄───────────────────── hello │
///       │ proof ─────────────────────►│ holds?
///       │◄───────────────────── proof │ open
///  open │ holds?                      │        at any point instead: refusal
/// </code>
/// </summary>
internal sealed class Handshake(LinkOptions options, ProtocolVersions protocol, Stream stream, byte[] channel)
{
    /// <exception cref="LinkRefusedException">Either end will not have the other.</exception>
    /// <exception cref="ProtocolFaultException">The other end does not speak this.</exception>
    public async Task<Hello> ConnectAsync(CancellationToken cancellation)
    {
        var ours = Hello.Of(options, protocol);
        byte[] sent = ours.Encode();
        await stream.WriteAsync(sent, cancellation);
        byte[] received = await ExpectUnlessRefusedAsync(HandshakeKind.Hello, cancellation);
        var theirs = Hello.Decode(HandshakeFrame.BodyOf(received));
        ThrowIfUnfit(ours, theirs);

        var transcript = new HandshakeTranscript(sent, received, channel);
        await stream.WriteAsync(
            HandshakeFrame.Encode(HandshakeKind.Proof, Proof.Connecting(options.Token, transcript)),
            cancellation);
        byte[] proof = await ExpectUnlessRefusedAsync(HandshakeKind.Proof, cancellation);
        return Proof.Holds(HandshakeFrame.BodyOf(proof), Proof.Listening(options.Token, transcript))
            ? theirs
            : throw Refusal.Token();
    }

    /// <summary>As <see cref="ConnectAsync"/>, but a refusal is told to the other end first.</summary>
    public async Task<Hello> AcceptAsync(CancellationToken cancellation)
    {
        try
        {
            return await AcceptOrRefuseAsync(cancellation);
        }
        catch (LinkRefusedException refusal)
        {
            await stream.WriteAsync(Refusal.Encode(refusal), cancellation);
            throw;
        }
    }

    private async Task<Hello> AcceptOrRefuseAsync(CancellationToken cancellation)
    {
        byte[] received = await ExpectAsync(HandshakeKind.Hello, cancellation);
        var theirs = Hello.Decode(HandshakeFrame.BodyOf(received));
        var ours = Hello.Of(options, protocol);
        ThrowIfUnfit(ours, theirs);
        byte[] sent = ours.Encode();
        await stream.WriteAsync(sent, cancellation);

        var transcript = new HandshakeTranscript(received, sent, channel);
        byte[] proof = await ExpectAsync(HandshakeKind.Proof, cancellation);
        if (!Proof.Holds(HandshakeFrame.BodyOf(proof), Proof.Connecting(options.Token, transcript)))
        {
            throw Refusal.Token();
        }
        await stream.WriteAsync(
            HandshakeFrame.Encode(HandshakeKind.Proof, Proof.Listening(options.Token, transcript)),
            cancellation);
        return theirs;
    }

    private static void ThrowIfUnfit(Hello ours, Hello theirs)
    {
        if (ours.Protocol.Common(theirs.Protocol) is null)
        {
            throw Refusal.Versions(ours, theirs);
        }
        if (ours.HasToken != theirs.HasToken)
        {
            throw Refusal.TokenPresence(ours, theirs);
        }
    }

    private async Task<byte[]> ExpectUnlessRefusedAsync(HandshakeKind kind, CancellationToken cancellation)
    {
        byte[] frame = await HandshakeFrame.ReadAsync(stream, cancellation);
        return HandshakeFrame.KindOf(frame) == HandshakeKind.Refusal
            ? throw Refusal.Decode(HandshakeFrame.BodyOf(frame))
            : Expect(kind, frame);
    }

    private async Task<byte[]> ExpectAsync(HandshakeKind kind, CancellationToken cancellation)
        => Expect(kind, await HandshakeFrame.ReadAsync(stream, cancellation));

    private static byte[] Expect(HandshakeKind kind, byte[] frame)
        => HandshakeFrame.KindOf(frame) == kind
            ? frame
            : throw new ProtocolFaultException($"a handshake frame of kind {frame[4]} out of turn");
}

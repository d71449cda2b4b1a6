using System.Text;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Handshakes;

/// <summary>
/// Why an end will not have the other. Body: 1 when trying again cannot help, else 0; then the reason in
/// UTF-8.
/// </summary>
internal static class Refusal
{
    private const int MostReasonBytes = 512;

    public static byte[] Encode(LinkRefusedException refusal)
    {
        byte[] reason = Encoding.UTF8.GetBytes(refusal.Message);
        byte[] body = [refusal.IsPermanent ? (byte)1 : (byte)0, .. reason.Take(MostReasonBytes)];
        return HandshakeFrame.Encode(HandshakeKind.Refusal, body);
    }

    /// <exception cref="ProtocolFaultException">The body is none.</exception>
    public static LinkRefusedException Decode(ReadOnlySpan<byte> body)
        => body.Length is > 0 and <= 1 + MostReasonBytes
            ? new LinkRefusedException(Printable.Text(Encoding.UTF8.GetString(body[1..])), body[0] == 1)
            : throw new ProtocolFaultException("a refusal is not valid");

    public static LinkRefusedException Versions(Hello ours, Hello theirs) => new(
        $"{ours.Name} runs DistTrain {ours.Version} (link protocol {ours.Protocol}) and {theirs.Name} runs "
        + $"DistTrain {theirs.Version} (link protocol {theirs.Protocol}): "
        + (ours.Protocol.Highest > theirs.Protocol.Highest
            ? $"install DistTrain {ours.Version} for {theirs.Name}"
            : $"install DistTrain {theirs.Version} for {ours.Name}"),
        isPermanent: true);

    public static LinkRefusedException TokenPresence(Hello ours, Hello theirs) => new(
        ours.HasToken
            ? $"{ours.Name} asks for a token and {theirs.Name} has none: give both the same token file"
            : $"{ours.Name} has no token and {theirs.Name} has one: give both the same token file, "
                + "or neither",
        isPermanent: true);

    public static LinkRefusedException Token() => new(
        "the tokens differ: give both ends the same token file", isPermanent: true);
}

using DistTrain.Net.Framing;
using DistTrain.Net.Tests.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Net.Tests.Framing;

/// <summary>Runs a read loop over bytes that are all there, or come in pieces.</summary>
internal static class FrameReading
{
    /// <summary>How the loop ended: the other end's closing, or the protocol's fault.</summary>
    public static async Task<string> EndOfAsync(Stream stream, RecordingHandler handler)
    {
        var thread = new LoopThread("reader");
        try
        {
            var loop = new ReadLoop(stream, LinkPair.Options("reader"), handler, thread);
            return await Task.Run(() => loop.RunAsync(CancellationToken.None));
        }
        catch (ProtocolFaultException fault)
        {
            return fault.Message;
        }
        finally
        {
            thread.Stop();
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }
    }

    public static Task<string> EndOfAsync(byte[] bytes, RecordingHandler handler)
        => EndOfAsync(new MemoryStream(bytes), handler);

    public static byte[] Frame(FrameKind kind, long transfer, params byte[] body)
    {
        byte[] frame = new byte[FrameHeader.Size + body.Length];
        new FrameHeader(kind, body.Length, transfer).Write(frame);
        body.CopyTo(frame, FrameHeader.Size);
        return frame;
    }

    public static byte[] Begin(long transfer, long bytes)
        => Frame(FrameKind.PayloadBegin, transfer,
            [.. BitConverter.GetBytes(bytes), .. Encoded(Samples.Weights(1))]);

    public static byte[] Encoded(Core.Hosting.IMessage message)
        => Google.Protobuf.MessageExtensions.ToByteArray(WireCodec.ToWire(message));
}

/// <summary>Gives its bytes in two pieces, cut at a place, so that a read ends there.</summary>
internal sealed class CutStream(byte[] bytes, int cut) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(
        Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int most = Position < cut ? (int)Math.Min(buffer.Length, cut - Position) : buffer.Length;
        return base.ReadAsync(buffer[..most], cancellationToken);
    }
}

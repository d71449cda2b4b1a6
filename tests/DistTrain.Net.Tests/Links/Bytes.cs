using DistTrain.Core.Memory;

namespace DistTrain.Net.Tests.Links;

internal static class Bytes
{
    /// <summary>Bytes that say where they stand, so that none can be in another's place unnoticed.</summary>
    public static NativeBuffer<byte> Pattern(long length)
    {
        var buffer = new NativeBuffer<byte>(length);
        var span = buffer.Span;
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = (byte)(i * 31 + (i >> 8) * 7 + (i >> 16));
        }
        return buffer;
    }
}

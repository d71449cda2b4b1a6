using System.Buffers.Binary;
using System.Numerics;

namespace DistTrain.Runs.TensorBoard;

/// <summary>
/// The checksum of a TFRecord: CRC-32C (Castagnoli, RFC 3720 appendix B.4), rotated right by 15 bits and
/// offset by a constant, because a checksum over bytes that hold checksums would otherwise be weak.
/// </summary>
internal static class MaskedCrc32C
{
    private const uint MaskDelta = 0xA282EAD8;

    public static uint Compute(ReadOnlySpan<byte> data)
        => BitOperations.RotateRight(Crc32C(data), 15) + MaskDelta;

    public static uint Crc32C(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        }

        foreach (byte value in data)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}

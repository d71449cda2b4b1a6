using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Data.Images;

/// <summary>
/// Turns bytes into floats: x = v·scale + shift, sixteen at a time. Product and sum are rounded separately,
/// never fused, so that machines with and without a fused instruction agree to the last bit.
/// </summary>
internal static class PixelConverter
{
    public static void Convert(ReadOnlySpan<byte> values, float scale, float shift, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, values.Length);
        int i = 0;
        ref byte source = ref MemoryMarshal.GetReference(values);
        ref float target = ref MemoryMarshal.GetReference(destination);
        Vector128<float> scales = Vector128.Create(scale), shifts = Vector128.Create(shift);
        for (; i <= values.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            (Vector128<ushort> low, Vector128<ushort> high) =
                Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)i));
            (Vector128<uint> a, Vector128<uint> b) = Vector128.Widen(low);
            (Vector128<uint> c, Vector128<uint> d) = Vector128.Widen(high);
            Scale(a, scales, shifts).StoreUnsafe(ref target, (nuint)i);
            Scale(b, scales, shifts).StoreUnsafe(ref target, (nuint)i + 4);
            Scale(c, scales, shifts).StoreUnsafe(ref target, (nuint)i + 8);
            Scale(d, scales, shifts).StoreUnsafe(ref target, (nuint)i + 12);
        }

        for (; i < values.Length; i++)
        {
            destination[i] = values[i] * scale + shift;
        }
    }

    private static Vector128<float> Scale(
        Vector128<uint> values, Vector128<float> scales, Vector128<float> shifts)
        => Vector128.Add(Vector128.Multiply(Vector128.ConvertToSingle(values.AsInt32()), scales), shifts);
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistTrain.Core.Reduction;

/// <summary>
/// The sum of squares of one block in an order that is part of the definition, so that every vector width and
/// every slicing gives the same bits: element i of the block goes to lane i mod 16, each lane adds its
/// elements in ascending order, and the lanes are folded by halves (0+8, 1+9, …, then 0+4, …, 0+2, 0+1).
/// <para>
/// A float squared is exact in a double (24 + 24 ≤ 53 bits, and no float's square leaves the double's range),
/// so a fused and an unfused multiply-add agree here, and a sum is finite if and only if every element is.
/// </para>
/// </summary>
internal static unsafe class BlockSquares
{
    internal const int Lanes = 16;

    /// <summary>The sum of squares of a whole stretch, element 0 in lane 0.</summary>
    /// <param name="values">The stretch.</param>
    /// <param name="length">Elements.</param>
    /// <param name="lanes">Room for 16 sums; what it holds does not matter.</param>
    internal static double Of(float* values, int length, double* lanes)
    {
        new Span<double>(lanes, Lanes).Clear();
        Accumulate(values, length, lanes);
        return Fold(lanes);
    }

    /// <summary>Adds the squares of a stretch that starts at a multiple of 16 within its block.</summary>
    /// <param name="values">The stretch.</param>
    /// <param name="length">Elements; a multiple of 16 unless this stretch is the block's last.</param>
    /// <param name="lanes">The 16 running sums.</param>
    internal static void Accumulate(float* values, int length, double* lanes)
    {
        int done = 0;
        if (Vector512.IsHardwareAccelerated)
            done = Accumulate512(values, length, lanes);
        else if (Vector256.IsHardwareAccelerated)
            done = Accumulate256(values, length, lanes);
        else if (Vector128.IsHardwareAccelerated)
            done = Accumulate128(values, length, lanes);
        AccumulateScalar(values + done, length - done, lanes);
    }

    internal static double Fold(double* lanes)
    {
        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            for (int lane = 0; lane < half; lane++)
                lanes[lane] += lanes[lane + half];
        }
        return lanes[0];
    }

    internal static void AccumulateScalar(float* values, int length, double* lanes)
    {
        for (int i = 0; i < length; i++)
            lanes[i % Lanes] += (double)values[i] * values[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Accumulate512(float* values, int length, double* lanes)
    {
        Vector512<double> a = Vector512.Load(lanes), b = Vector512.Load(lanes + 8);
        int i = 0;
        for (; i <= length - Lanes; i += Lanes)
        {
            (Vector512<double> x, Vector512<double> y) = Vector512.Widen(Vector512.Load(values + i));
            a = Vector512.MultiplyAddEstimate(x, x, a);
            b = Vector512.MultiplyAddEstimate(y, y, b);
        }
        a.Store(lanes);
        b.Store(lanes + 8);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Accumulate256(float* values, int length, double* lanes)
    {
        Vector256<double> a = Vector256.Load(lanes), b = Vector256.Load(lanes + 4);
        Vector256<double> c = Vector256.Load(lanes + 8), d = Vector256.Load(lanes + 12);
        int i = 0;
        for (; i <= length - Lanes; i += Lanes)
        {
            (Vector256<double> x, Vector256<double> y) = Vector256.Widen(Vector256.Load(values + i));
            (Vector256<double> z, Vector256<double> w) = Vector256.Widen(Vector256.Load(values + i + 8));
            a = Vector256.MultiplyAddEstimate(x, x, a);
            b = Vector256.MultiplyAddEstimate(y, y, b);
            c = Vector256.MultiplyAddEstimate(z, z, c);
            d = Vector256.MultiplyAddEstimate(w, w, d);
        }
        a.Store(lanes);
        b.Store(lanes + 4);
        c.Store(lanes + 8);
        d.Store(lanes + 12);
        return i;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Accumulate128(float* values, int length, double* lanes)
    {
        Debug.Assert(Vector128<float>.Count == 4, "A vector of 128 bits holds four floats.");
        int whole = length - length % Lanes;
        // Two passes of eight lanes each: sixteen lanes at once would not fit sixteen registers.
        for (int half = 0; half < Lanes; half += 8)
        {
            double* place = lanes + half;
            Vector128<double> a = Vector128.Load(place), b = Vector128.Load(place + 2);
            Vector128<double> c = Vector128.Load(place + 4), d = Vector128.Load(place + 6);
            for (int i = half; i < whole; i += Lanes)
            {
                (Vector128<double> x, Vector128<double> y) = Vector128.Widen(Vector128.Load(values + i));
                (Vector128<double> z, Vector128<double> w) = Vector128.Widen(Vector128.Load(values + i + 4));
                a = Vector128.MultiplyAddEstimate(x, x, a);
                b = Vector128.MultiplyAddEstimate(y, y, b);
                c = Vector128.MultiplyAddEstimate(z, z, c);
                d = Vector128.MultiplyAddEstimate(w, w, d);
            }
            a.Store(place);
            b.Store(place + 2);
            c.Store(place + 4);
            d.Store(place + 6);
        }
        return whole;
    }
}

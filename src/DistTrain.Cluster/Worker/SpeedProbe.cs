using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;

namespace DistTrain.Cluster.Worker;

/// <summary>
/// How fast this processor multiplies and adds, measured in a tenth of a second before the node joins. Only
/// the ratio between nodes counts, and only until steps of a real job have been timed.
/// </summary>
public static class SpeedProbe
{
    private const int Length = 4096;
    private static readonly TimeSpan Duration = TimeSpan.FromMilliseconds(100);

    /// <summary>Billions of multiply-adds a second on one thread.</summary>
    public static double Measure()
    {
        var x = new float[Length];
        var y = new float[Length];
        Array.Fill(x, 1e-3f);
        double best = 0;
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Duration)
        {
            long pass = Stopwatch.GetTimestamp();
            for (int i = 0; i < 100; i++)
            {
                MultiplyAdd(x, y);
            }
            best = Math.Max(best, 100.0 * Length / Stopwatch.GetElapsedTime(pass).TotalNanoseconds);
        }
        return best;
    }

    private static void MultiplyAdd(float[] x, float[] y)
    {
        Span<Vector<float>> from = MemoryMarshal.Cast<float, Vector<float>>(x.AsSpan());
        Span<Vector<float>> into = MemoryMarshal.Cast<float, Vector<float>>(y.AsSpan());
        var factor = new Vector<float>(0.5f);
        for (int i = 0; i < from.Length; i++)
        {
            into[i] = Vector.FusedMultiplyAdd(from[i], factor, into[i]);
        }
    }
}

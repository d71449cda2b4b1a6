namespace DistTrain.Core.Coordination.LossScaling;

/// <summary>
/// Multiplying a float by a power of two, and dividing it by the same one, gives it back bit for bit, as long
/// as it neither overflows nor becomes subnormal. That is why loss scaling uses no other numbers.
/// </summary>
public static class PowersOfTwo
{
    /// <summary>Whether a number is 2ⁿ for a whole n, and normal as a float32.</summary>
    public static bool IsOne(double value)
        => double.IsFinite(value) && value >= SmallestNormal && value <= Largest && double.IsPow2(value);

    /// <summary>The smallest power of two that is not below <paramref name="value"/>.</summary>
    /// <param name="value">At least 1.</param>
    public static double AtLeast(int value)
        => System.Numerics.BitOperations.RoundUpToPowerOf2((uint)value);

    private const double SmallestNormal = 1.0 / (1L << 62) / (1L << 62) / (1 << 2);
    private const double Largest = 1.0 * (1L << 62) * (1L << 62) * (1 << 3);
}

namespace DistTrain.Core.Optimizers;

/// <summary>
/// xⁿ by squaring: IEEE multiplications only, hence the same bits on every machine. Math.Pow is the
/// platform's own and may differ in the last place between nodes that each step a slice.
/// </summary>
internal static class IntegerPower
{
    internal static double Of(double x, long n)
    {
        double power = 1;
        for (; n > 0; n >>= 1)
        {
            if ((n & 1) == 1)
                power *= x;
            x *= x;
        }
        return power;
    }
}

namespace DistTrain.Study.Tuning.Samplers;

/// <summary>
/// Sobol's sequence in base 2: points that fill a cube more evenly than chance would. The direction numbers
/// are those of Joe and Kuo 2008 ("Constructing Sobol sequences with better two-dimensional projections",
/// the set new-joe-kuo-6), and point n has the bits of n's Gray code, the order of Antonov and Saleev 1979.
/// </summary>
public sealed class SobolSequence
{
    /// <summary>Dimensions the table reaches to.</summary>
    public const int MostDimensions = 21;

    private const int Bits = 32;

    // From dimension 2 on: the primitive polynomial's inner coefficients a, then m₁ … m_s, s its degree.
    private static readonly int[][] Table =
    [
        [0, 1], [1, 1, 3], [1, 1, 3, 1], [2, 1, 1, 1], [1, 1, 1, 3, 3], [4, 1, 3, 5, 13],
        [2, 1, 1, 5, 5, 17], [4, 1, 1, 5, 5, 5], [7, 1, 1, 7, 11, 19], [11, 1, 1, 5, 1, 1],
        [13, 1, 1, 1, 3, 11], [14, 1, 3, 5, 5, 31], [1, 1, 3, 3, 9, 7, 49], [13, 1, 1, 1, 15, 21, 21],
        [16, 1, 3, 1, 13, 27, 49], [19, 1, 1, 1, 15, 7, 5], [22, 1, 3, 1, 15, 13, 25],
        [25, 1, 1, 5, 5, 19, 61], [1, 1, 3, 7, 11, 23, 15, 103], [4, 1, 3, 7, 13, 13, 15, 69],
    ];

    private readonly uint[][] _directions;

    public SobolSequence(int dimensions)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MostDimensions);
        _directions = [.. Enumerable.Range(0, dimensions).Select(Directions)];
    }

    /// <summary>
    /// Point <paramref name="index"/> as 32-bit fractions; point 0 is the origin. Exclusive-or with one word
    /// per dimension shifts the whole sequence and keeps its evenness (a digital shift).
    /// </summary>
    public uint[] Point(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        int gray = index ^ (index >> 1);
        return [.. _directions.Select(directions =>
        {
            uint fraction = 0;
            for (int bit = 0; gray >> bit != 0; bit++)
            {
                fraction ^= (gray >> bit & 1) == 0 ? 0 : directions[bit];
            }

            return fraction;
        })];
    }

    private static uint[] Directions(int dimension)
    {
        uint[] v = new uint[Bits];
        if (dimension == 0)
        {
            for (int k = 0; k < Bits; k++)
            {
                v[k] = 1u << (Bits - 1 - k);
            }

            return v;
        }

        int[] row = Table[dimension - 1];
        (int a, int degree) = (row[0], row.Length - 1);
        for (int k = 0; k < Bits; k++)
        {
            if (k < degree)
            {
                v[k] = (uint)row[k + 1] << (Bits - 1 - k);
                continue;
            }

            v[k] = v[k - degree] ^ (v[k - degree] >> degree);
            for (int j = 1; j < degree; j++)
            {
                v[k] ^= (a >> (degree - 1 - j) & 1) == 0 ? 0 : v[k - j];
            }
        }

        return v;
    }
}

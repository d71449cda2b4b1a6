namespace DistTrain.Study.Tests.Tuning.Samplers;

/// <summary>Functions with known minima, on the unit cube, as optimizers are compared by.</summary>
internal static class TestFunctions
{
    /// <summary>Branin; the least value is 0.397887.</summary>
    public static double Branin(IReadOnlyList<double> u)
    {
        (double x, double y) = (15 * u[0] - 5, 15 * u[1]);
        double valley = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
        return valley * valley + 10 * (1 - 1 / (8 * Math.PI)) * Math.Cos(x) + 10;
    }

    /// <summary>Hartmann in six dimensions; the least value is −3.32237.</summary>
    public static double Hartmann6(IReadOnlyList<double> u)
    {
        double sum = 0;
        for (int i = 0; i < 4; i++)
        {
            double distance = 0;
            for (int j = 0; j < 6; j++)
            {
                double off = u[j] - HartmannP[i][j] / 10000.0;
                distance += HartmannA[i][j] * off * off;
            }

            sum += HartmannAlpha[i] * Math.Exp(-distance);
        }

        return -sum;
    }

    /// <summary>A bowl in four dimensions around 0.3, seen through noise that repeats.</summary>
    public static double NoisySphere(IReadOnlyList<double> u)
    {
        double bowl = u.Take(4).Sum(x => (x - 0.3) * (x - 0.3));
        return bowl + 0.02 * Math.Sin(1e5 * u.Sum());
    }

    private static readonly double[] HartmannAlpha = [1.0, 1.2, 3.0, 3.2];

    private static readonly double[][] HartmannA =
    [
        [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8],
        [17, 8, 0.05, 10, 0.1, 14],
    ];

    private static readonly int[][] HartmannP =
    [
        [1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381],
    ];
}

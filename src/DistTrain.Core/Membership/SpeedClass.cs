namespace DistTrain.Core.Membership;

/// <summary>
/// Two measurements of equal machines differ by noise, and shards divided by noise leave one of them with
/// more to do for nothing. So speeds that lie close together count as one.
/// </summary>
public static class SpeedClass
{
    /// <summary>Of two speeds in one class the slower has at least this part of the faster.</summary>
    public const double Tolerance = 0.75;

    /// <summary>
    /// The speed a node counts with beside others: that of the class nearest to it by ratio when one is near
    /// enough, otherwise its own, which begins a new class.
    /// </summary>
    /// <param name="speed">As measured; finite and not negative.</param>
    /// <param name="classes">Speeds the others count with, in any order.</param>
    public static double Of(double speed, IEnumerable<double> classes)
    {
        double best = speed;
        double bestLikeness = 0;
        foreach (double other in classes)
        {
            double likeness = Likeness(speed, other);
            // Ties go to the faster class, so that the order of the others does not matter.
            if (likeness >= Tolerance
                && (likeness > bestLikeness || (likeness == bestLikeness && other > best)))
            {
                (best, bestLikeness) = (other, likeness);
            }
        }
        return best;
    }

    private static double Likeness(double a, double b)
        => a == b ? 1 : Math.Min(a, b) / Math.Max(a, b);
}

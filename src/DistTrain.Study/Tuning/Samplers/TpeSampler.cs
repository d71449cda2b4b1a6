using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tuning.Samplers;

/// <summary>
/// The tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for hyper-parameter optimization",
/// section 4), dimension by dimension. Trials are parted at the γ-quantile of their costs; l is the density
/// of the good ones, g of the others; of a few points drawn from l the one with the highest l/g is tried,
/// which is the one with the highest expected improvement under that model.
/// <para>
/// γ is 0.25. The first trials, ten or two for each dimension, are quasi-random or random. Trials that were
/// given up count with what they had reached, failed ones as worst. Dimensions are modelled one by one, so a
/// valley that runs across two of them is seen as its shadows.
/// </para>
/// </summary>
public sealed class TpeSampler : ISampler
{
    private const double Gamma = 0.25;
    private const int Candidates = 24;
    private readonly SearchSpace _space;
    private readonly long _seed;
    private readonly ISampler _first;

    public TpeSampler(SearchSpace space, long seed)
    {
        ArgumentNullException.ThrowIfNull(space);
        (_space, _seed) = (space, seed);
        int dimensions = space.Dimensions.Count;
        StartupTrials = Math.Max(10, 2 * dimensions);
        _first = dimensions <= SobolSequence.MostDimensions
            ? new SobolSampler(dimensions, seed)
            : new RandomSampler(dimensions, seed);
    }

    /// <summary>Trials before there is a model.</summary>
    public int StartupTrials { get; }

    public double[]? Next(int index, IReadOnlyList<Observation> seen)
    {
        ArgumentNullException.ThrowIfNull(seen);
        if (seen.Count < StartupTrials)
        {
            return _first.Next(index, seen);
        }

        Observation[] ordered = [.. seen.OrderBy(o => o.Cost)];
        int good = (int)Math.Ceiling(Gamma * ordered.Length);
        var stream = new SampleStream(_seed, index);
        return [.. _space.Dimensions.Select(
            (dimension, d) => Best(dimension, Along(ordered[..good], d), Along(ordered[good..], d), stream))];
    }

    private static double[] Along(Observation[] trials, int dimension)
        => [.. trials.Where(t => t.HasPart[dimension]).Select(t => t.Point[dimension])];

    private static double Best(Dimension dimension, double[] good, double[] others, SampleStream stream)
    {
        IDensity l = Density(dimension, good), g = Density(dimension, others);
        return Enumerable.Range(0, Candidates).Select(_ => l.Draw(stream))
            .MaxBy(x => Math.Log(l.At(x)) - Math.Log(g.At(x)));
    }

    private static IDensity Density(Dimension dimension, double[] points)
        => dimension.Choices is { } choices
            ? new ChoiceDensity(choices, points)
            : new ParzenDensity(points);
}

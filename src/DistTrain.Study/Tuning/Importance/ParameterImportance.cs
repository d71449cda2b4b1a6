using DistTrain.Study.Tuning.Spaces;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tuning.Importance;

/// <summary>How much a field matters by itself.</summary>
/// <param name="Path">The field.</param>
/// <param name="Share">
/// Share of the costs' variance, as ranks, that the field alone explains, 0 to 1; null: too few trials.
/// </param>
/// <param name="Trend">
/// Spearman's rank correlation with the metric, −1 to 1: positive where higher values are better. Null for
/// a choice.
/// </param>
public sealed record ParameterImportance(string Path, double? Share, double? Trend);

/// <summary>
/// Main effects, from the trials there are. They are put in bins along one field, and the share of variance
/// between the bins is what the field explains (ε² of Kruskal and Wallis, on ranks, so that one diverged run
/// does not drown the rest; corrected for what bins explain by chance).
/// <para>
/// What it cannot see: fields that matter only together; and where a search has gone for the best of one
/// field early, later trials vary it little and its share shrinks. Random and quasi-random trials tell most.
/// </para>
/// </summary>
public static class MainEffects
{
    /// <summary>With fewer trials every field seems to matter.</summary>
    public const int FewestTrials = 12;

    private const int MostBins = 6;
    private const int TrialsPerBin = 4;

    public static IReadOnlyList<ParameterImportance> Of(
        SearchSpace space, IReadOnlyList<Trial> trials, Objective objective)
    {
        ArgumentNullException.ThrowIfNull(space);
        Trial[] ran = [.. trials.Where(t => t.Status != TrialStatus.Refused)];
        return [.. space.Dimensions
            .Select((dimension, d) => Of(dimension, d, ran, objective))
            .OrderByDescending(importance => importance.Share ?? -1)];
    }

    private static ParameterImportance Of(
        Dimension dimension, int d, Trial[] trials, Objective objective)
    {
        (double X, double Cost)[] points = [.. trials.Where(t => t.Values[d] is not null)
            .Select(t => (t.Point[d], objective.CostOf(t.Value)))];
        double[] ranks = Ranks([.. points.Select(p => p.Cost)]);
        double[] places = [.. points.Select(p => p.X)];
        double? trend = dimension.Choices is null && points.Length >= FewestTrials
            ? -Correlation(Ranks(places), ranks)
            : null;
        return new ParameterImportance(dimension.Path, Explained(Bins(dimension, places), ranks), trend);
    }

    /// <summary>ε² = (H − k + 1)/(n − k) for k bins that hold something; null: too little to say.</summary>
    private static double? Explained(int[] bins, double[] ranks)
    {
        int n = ranks.Length;
        double mean = ranks.Length == 0 ? 0 : ranks.Average();
        double total = ranks.Sum(r => (r - mean) * (r - mean));
        var groups = bins.Zip(ranks).GroupBy(pair => pair.First, pair => pair.Second).ToList();
        if (n < FewestTrials || n <= groups.Count)
        {
            return null;
        }
        if (total == 0 || groups.Count < 2)
        {
            return 0;
        }

        double between = groups.Sum(g => g.Count() * Math.Pow(g.Average() - mean, 2));
        double statistic = (n - 1) * between / total;
        return Math.Clamp((statistic - groups.Count + 1) / (n - groups.Count), 0, 1);
    }

    /// <summary>Choices are their own bins; a scale is cut where each bin has as many trials.</summary>
    private static int[] Bins(Dimension dimension, double[] places)
    {
        if (dimension.Choices is { } choices)
        {
            return [.. places.Select(x => Math.Min(choices - 1, (int)(x * choices)))];
        }

        int count = Math.Clamp(places.Length / TrialsPerBin, 2, MostBins);
        return [.. Ranks(places).Select(r => Math.Min(count - 1, (int)((r - 1) * count / places.Length)))];
    }

    /// <summary>From 1; equals share the mean of their places.</summary>
    internal static double[] Ranks(double[] values)
    {
        double[] ranks = new double[values.Length];
        int[] order = [.. Enumerable.Range(0, values.Length).OrderBy(i => values[i])];
        for (int start = 0; start < order.Length;)
        {
            int end = start;
            while (end < order.Length && values[order[end]] == values[order[start]])
            {
                end++;
            }

            for (int i = start; i < end; i++)
            {
                ranks[order[i]] = (start + 1 + end) / 2.0;
            }

            start = end;
        }

        return ranks;
    }

    private static double Correlation(double[] a, double[] b)
    {
        (double meanA, double meanB) = (a.Average(), b.Average());
        double both = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        double spread = Math.Sqrt(
            a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
        return spread == 0 ? 0 : both / spread;
    }
}

namespace DistTrain.Core.Sampling;

/// <summary>
/// Which training samples are held out for validation. A random choice, because files are often ordered by
/// class; keyed by the job's seed, because two runs of one job must judge by the same samples.
/// </summary>
public static class ValidationSplit
{
    /// <summary>Holds out <paramref name="validation"/> of <paramref name="count"/> samples.</summary>
    /// <param name="seed">The job's seed.</param>
    /// <param name="count">Samples in all.</param>
    /// <param name="validation">Samples to hold out, in [0, count].</param>
    /// <returns>Original indices, ascending; the two are disjoint and together all samples.</returns>
    public static (int[] Train, int[] Validation) Choose(long seed, int count, int validation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(validation);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(validation, count);
        ulong key = SamplePermutation.KeyOf(seed, RandomDomain.ValidationSplit, 0);
        int[] held = new int[validation];
        new SamplePermutation(key, count).Fill(0, held);
        Array.Sort(held);

        int[] train = new int[count - validation];
        int next = 0, taken = 0;
        for (int sample = 0; sample < count; sample++)
        {
            if (next < held.Length && held[next] == sample)
                next++;
            else
                train[taken++] = sample;
        }
        return (train, held);
    }
}

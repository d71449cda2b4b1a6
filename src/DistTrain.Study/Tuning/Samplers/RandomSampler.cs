namespace DistTrain.Study.Tuning.Samplers;

/// <summary>
/// Independent uniform points: a better use of trials than a grid wherever some fields matter more than
/// others (Bergstra and Bengio 2012).
/// </summary>
public sealed class RandomSampler(int dimensions, long seed) : ISampler
{
    public double[] Next(int index, IReadOnlyList<Observation> seen)
    {
        var stream = new SampleStream(seed, index);
        return [.. Enumerable.Range(0, dimensions).Select(_ => stream.Uniform())];
    }
}

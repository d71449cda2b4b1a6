using DistTrain.Core;

namespace DistTrain.Study.Tuning.Samplers;

/// <summary>Quasi-random points: Sobol's sequence, shifted as the seed says.</summary>
public sealed class SobolSampler : ISampler
{
    private readonly SobolSequence _sequence;
    private readonly uint[] _shift;

    /// <exception cref="UserFaultException">More dimensions than the sequence has.</exception>
    public SobolSampler(int dimensions, long seed)
    {
        if (dimensions > SobolSequence.MostDimensions)
        {
            throw new UserFaultException(
                $"--sampler sobol: the space has {dimensions} fields, and the sequence "
                + $"{SobolSequence.MostDimensions}; use random or tpe");
        }

        _sequence = new SobolSequence(dimensions);
        var stream = new SampleStream(seed, trial: -1);
        _shift = [.. Enumerable.Range(0, dimensions).Select(_ => (uint)(stream.Uniform() * 4294967296.0))];
    }

    public double[] Next(int index, IReadOnlyList<Observation> seen)
        => [.. _sequence.Point(index).Zip(_shift, (word, shift) => (word ^ shift) / 4294967296.0)];
}

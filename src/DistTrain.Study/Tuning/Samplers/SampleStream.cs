using DistTrain.Core.Sampling;

namespace DistTrain.Study.Tuning.Samplers;

/// <summary>Numbers that follow from a seed and a trial's number, on every machine alike.</summary>
internal sealed class SampleStream(long seed, int trial)
{
    private readonly ulong _key =
        KeyedRandom.Key(KeyedRandom.Key((ulong)seed, 0x54554E45 /* "TUNE" */), (ulong)trial);

    private ulong _drawn;

    /// <summary>Uniform in [0, 1), with 53 bits.</summary>
    public double Uniform() => (KeyedRandom.Word(_key, _drawn++) >> 11) * (1.0 / (1L << 53));

    /// <summary>The standard normal distribution (Box and Muller 1958).</summary>
    public double Normal()
        => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
}

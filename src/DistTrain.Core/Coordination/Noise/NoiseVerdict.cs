using System.Globalization;

namespace DistTrain.Core.Coordination.Noise;

/// <summary>Where a batch stands beside the critical batch that the noise scale predicts.</summary>
public enum BatchPlace
{
    /// <summary>Too few estimates to say.</summary>
    Unknown,

    /// <summary>Less than half of it: a larger batch still saves almost as many steps as it costs.</summary>
    Below,

    /// <summary>Within a factor of two: time and samples are in balance.</summary>
    Near,

    /// <summary>More than twice: further samples say little that is new.</summary>
    Above,
}

/// <summary>What the noise scale says about a batch, in words.</summary>
public static class NoiseVerdict
{
    /// <summary>Estimates before anything is said: a few steps alone scatter by their own size.</summary>
    public const int FewestEstimates = 20;

    /// <summary>Up to this factor a batch counts as near: the prediction itself is no better.</summary>
    public const double NearFactor = 2;

    /// <param name="noise">The last step's; null: none yet.</param>
    /// <param name="batch">B, samples of a step.</param>
    public static BatchPlace PlaceOf(NoiseEstimate? noise, int batch)
    {
        if (noise is null || noise.Estimates < FewestEstimates)
        {
            return BatchPlace.Unknown;
        }
        return noise.Scale is { } scale ? PlaceOf(scale, batch) : BatchPlace.Below;
    }

    /// <param name="scale">The noise scale, in samples.</param>
    /// <param name="batch">B, samples of a step.</param>
    public static BatchPlace PlaceOf(double scale, int batch)
        => batch * NearFactor < scale ? BatchPlace.Below
            : batch > NearFactor * scale ? BatchPlace.Above : BatchPlace.Near;

    /// <summary>
    /// One line, such as "critical batch ≈ 270; your batch of 128 is below it", or why there is none.
    /// </summary>
    /// <param name="noise">The last step's; null: none yet.</param>
    /// <param name="batch">B, samples of a step.</param>
    /// <param name="shards">The job's batch.shards.</param>
    public static string Describe(NoiseEstimate? noise, int batch, int shards)
    {
        if (shards < 2)
        {
            return $"the noise scale needs at least 2 shards; batch.shards is {shards}";
        }
        if (noise is null || PlaceOf(noise, batch) == BatchPlace.Unknown)
        {
            return $"critical batch: too few steps yet ({noise?.Estimates ?? 0} of {FewestEstimates})";
        }
        return noise.Scale is { } scale
            ? $"critical batch ≈ {Samples(scale)}; {Sentence(PlaceOf(scale, batch), batch)}"
            : $"critical batch: too large to be told with batches of {Samples(batch)}; "
                + Sentence(BatchPlace.Below, batch);
    }

    /// <summary>"your batch of 128 is below it".</summary>
    public static string Sentence(BatchPlace place, int batch)
        => $"your batch of {Samples(batch)} is {place.ToString().ToLowerInvariant()} it";

    /// <summary>A number of samples with no more digits than are known: 0.42, 91, 1,280.</summary>
    public static string Samples(double value)
        => value.ToString(value < 10 ? "0.##" : "N0", CultureInfo.InvariantCulture);
}

namespace DistTrain.Telemetry.Catalogue;

/// <summary>Bounds of histograms, in seconds.</summary>
internal static class Buckets
{
    /// <summary>
    /// Steps and their parts: of a softmax in half a millisecond, and of a large net in a minute.
    /// </summary>
    public static readonly double[] Step =
        [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60];

    /// <summary>What happens between steps: a checkpoint on a disk, a validation.</summary>
    public static readonly double[] Pause =
        [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
}

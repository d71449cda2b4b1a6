namespace DistTrain.Study.Capacity;

/// <summary>
/// Whatever can try a shard out on a device. Each attempt begins afresh, so that its peak of memory is its
/// own.
/// </summary>
public interface IShardProbe
{
    /// <param name="shard">Samples of one forward and backward pass.</param>
    /// <param name="workers">Workers that compute one each at the same time.</param>
    /// <param name="cancellation">Ends the attempt.</param>
    Task<ProbeResult> MeasureAsync(int shard, int workers, CancellationToken cancellation);
}

/// <summary>What came of an attempt.</summary>
public abstract record ProbeResult
{
    private ProbeResult() { }

    /// <param name="SamplesPerSecond">Of all its workers together, after a pass to warm up.</param>
    /// <param name="PeakBytes">The process's largest resident set.</param>
    /// <param name="StepSeconds">One pass of every worker.</param>
    public sealed record Measured(double SamplesPerSecond, long PeakBytes, double StepSeconds) : ProbeResult;

    /// <param name="Reason">In the engine's words.</param>
    public sealed record OutOfMemory(string Reason) : ProbeResult;
}

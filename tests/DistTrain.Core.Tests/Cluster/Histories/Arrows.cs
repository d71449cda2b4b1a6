using DistTrain.Core.Cluster;

namespace DistTrain.Core.Tests.Cluster.Histories;

/// <summary>The picture above <see cref="JobState"/>, arrow by arrow.</summary>
internal static class Arrows
{
    private static readonly Dictionary<JobState, JobState[]> To = new()
    {
        [JobState.Queued] = [JobState.Running, JobState.Paused, JobState.Stopped],
        [JobState.Running] = [JobState.Queued, JobState.Pausing, JobState.Stopping, .. Ends],
        [JobState.Pausing] = [JobState.Paused, JobState.Stopping, .. Ends],
        [JobState.Paused] = [JobState.Queued, JobState.Stopped],
        [JobState.Stopping] = [JobState.Stopped, .. Ends],
    };

    private static JobState[] Ends => [JobState.Completed, JobState.StoppedEarly, JobState.Failed];

    public static bool Allow(JobState from, JobState to)
        => from == to || (To.TryGetValue(from, out JobState[]? next) && next.Contains(to));
}

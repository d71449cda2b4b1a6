using DistTrain.Core.Cluster;

namespace DistTrain.Server.Routes;

internal static class JobStates
{
    /// <summary>No job leaves such a state.</summary>
    public static bool IsFinal(this JobState state)
        => state is JobState.Completed or JobState.StoppedEarly or JobState.Stopped or JobState.Failed;
}

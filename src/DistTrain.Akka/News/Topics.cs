namespace DistTrain.Akka.News;

/// <summary>What the coordinator publishes through the cluster, and anyone in it may subscribe to.</summary>
internal static class Topics
{
    /// <summary>States, starts, epochs, notices and results of jobs; steps are left out.</summary>
    public const string JobEvents = "job-events";

    /// <summary>How far each job's weights are, a few times a second.</summary>
    public const string Weights = "weights";

    /// <summary>Jobs that were stopped early, and why.</summary>
    public const string Stopping = "early-stopping";
}

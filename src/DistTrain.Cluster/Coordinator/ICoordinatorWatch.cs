using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Coordinator;

/// <summary>What became of a member. One that came back over a new link was lost and joined.</summary>
public enum MemberChange { Joined, Suspected, Recovered, Left, Lost }

/// <summary>
/// Whoever measures a coordinator node without a say in it. Calls come one at a time from the cluster's
/// mailbox, which waits for them: note what happened and return.
/// </summary>
public interface ICoordinatorWatch
{
    void OnMember(MemberChange change) { }

    /// <summary>A job's state has changed, and its record is on disk.</summary>
    void OnJob(JobId job, JobState state) { }

    /// <summary>
    /// A run is opened; its watch is told the rest from the run's own mailbox, until it is disposed at its
    /// end.
    /// </summary>
    IRunWatch OnRun(RunId run) => new Unwatched();

    private sealed class Unwatched : IRunWatch
    {
        public void Dispose() { }
    }
}

/// <summary>An observer of one run that goes with it.</summary>
public interface IRunWatch : IRunObserver, IDisposable;

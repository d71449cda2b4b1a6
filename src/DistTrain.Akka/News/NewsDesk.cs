using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using DistTrain.Akka.Messages;
using DistTrain.Api;
using DistTrain.Core.Cluster;

namespace DistTrain.Akka.News;

/// <summary>
/// Publishes what happens to jobs. Called from the mailboxes of runs, hundreds of times a second: versions
/// are announced when the last announcement is a while ago, and nothing here waits.
/// </summary>
internal sealed class NewsDesk(ActorSystem system, TimeProvider time)
{
    private static readonly TimeSpan BetweenVersions = TimeSpan.FromMilliseconds(250);
    private readonly IActorRef _mediator = DistributedPubSub.Get(system).Mediator;
    private readonly ConcurrentDictionary<JobId, long> _announced = new();

    /// <summary>What <c>CoordinatorNodeOptions.Told</c> is.</summary>
    public void Tell(JobId job, JobEvent happened)
    {
        if (happened.Step is { } step)
        {
            Announce(job, step.Step + 1);
            return;
        }
        Publish(Topics.JobEvents, new JobEventTold(job.Name, happened));
        if (happened.State is { State: JobState.StoppedEarly } stopped)
        {
            Publish(Topics.Stopping, new StoppingDecided(job.Name, stopped.Reason ?? ""));
        }
    }

    /// <summary>A job's events come one at a time, so nobody else writes its entry.</summary>
    private void Announce(JobId job, long version)
    {
        if (_announced.TryGetValue(job, out long last) && time.GetElapsedTime(last) < BetweenVersions)
        {
            return;
        }
        _announced[job] = time.GetTimestamp();
        Publish(Topics.Weights, new WeightsAnnounced(job.Name, version));
    }

    private void Publish(string topic, IClusterMessage message)
        => _mediator.Tell(new Publish(topic, message), ActorRefs.NoSender);
}

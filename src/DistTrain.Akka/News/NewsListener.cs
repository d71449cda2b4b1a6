using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using DistTrain.Akka.Messages;
using DistTrain.Api;
using DistTrain.Api.Json;

namespace DistTrain.Akka.News;

/// <summary>
/// Tells the people at a node what is published: a worker's of jobs that were stopped early, a standby
/// coordinator's of the jobs' states and how far their weights were when it takes over.
/// </summary>
internal sealed class NewsListener : ReceiveActor
{
    private readonly Dictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly IReadOnlyList<string> _topics;
    private bool _isStandby = true;

    /// <param name="topics">What to subscribe to.</param>
    /// <param name="say">Takes lines for people.</param>
    public NewsListener(IReadOnlyList<string> topics, Action<string> say)
    {
        _topics = topics;
        Receive<StoppingDecided>(stopped => say($"{stopped.Job} was stopped early: {stopped.Reason}"));
        Receive<WeightsAnnounced>(weights => _versions[weights.Job] = weights.Version);
        Receive<JobEventTold>(told =>
        {
            if (told.Event.Result is not null)
            {
                _versions.Remove(told.Job);
            }
            if (_isStandby && told.Event.State is { } change)
            {
                say($"{told.Job} is {WordsFor(change)}");
            }
        });
        Receive<TakingOver>(_ =>
        {
            _isStandby = false;
            foreach ((string job, long version) in _versions)
            {
                say($"{job}: version {version} is the last that was announced");
            }
        });
        ReceiveAny(_ => { });
    }

    protected override void PreStart()
    {
        IActorRef mediator = DistributedPubSub.Get(Context.System).Mediator;
        foreach (string topic in _topics)
        {
            mediator.Tell(new Subscribe(topic, Self), Self);
        }
    }

    private static string WordsFor(JobStateChange change)
        => ApiJson.Word(change.State) + (change.Reason is { } reason ? $": {reason}" : "");

    /// <summary>The coordinator is here from now on.</summary>
    internal sealed class TakingOver
    {
        public static readonly TakingOver Instance = new();
    }
}

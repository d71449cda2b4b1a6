using System.Diagnostics.Metrics;
using DistTrain.Api;
using DistTrain.Cluster.Coordinator;
using DistTrain.Core.Cluster;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Instruments;

/// <summary>
/// What a coordinator tells of its cluster: events as they happen, and the rest from a view of the cluster
/// that is taken when somebody looks.
/// </summary>
internal sealed class ClusterMeter
{
    private readonly FreshView _view;
    private readonly Counter<long> _joins;
    private readonly Counter<long> _removals;
    private readonly Counter<long> _suspicions;
    private readonly Counter<long> _finished;

    public ClusterMeter(Meter meter, FreshView view)
    {
        _view = view;
        _joins = NodeMetrics.Joins.Counter(meter);
        _removals = NodeMetrics.Removals.Counter(meter);
        _suspicions = NodeMetrics.Suspicions.Counter(meter);
        _finished = NodeMetrics.Finished.Counter(meter);
        NodeMetrics.Members.Observe(meter, () => Each<NodeState>(
            state => Nodes.Count(node => node.State == state), Word));
        NodeMetrics.Jobs.Observe(meter, () => Each<JobState>(
            state => Jobs.Count(job => job.State == state), Word, state => state < JobState.Completed));
        NodeMetrics.NodeInfo.Observe(meter, () => Nodes.Select(node => new Measurement<double>(
            1, Worker(node), new(Labels.Device, node.Device), new(Labels.Release, node.Version),
            new(Labels.State, Word(node.State)))));
        OfNodes(meter, NodeMetrics.NodeSilence, node => node.SilentSeconds);
        OfNodes(meter, NodeMetrics.NodeMemory, node => node.MemoryBytes);
        NodeMetrics.NodeTraffic.Observe(meter, () => Nodes.SelectMany(node => (Measurement<double>[])
        [
            new(node.BytesSent, Worker(node), new(Labels.Direction, "transmit")),
            new(node.BytesReceived, Worker(node), new(Labels.Direction, "receive")),
        ]));
        StartAtZero();
    }

    private IReadOnlyList<NodeView> Nodes => _view.Current?.Nodes ?? [];

    private IReadOnlyList<JobView> Jobs => _view.Current?.Jobs ?? [];

    public void OnMember(MemberChange change)
    {
        switch (change)
        {
            case MemberChange.Joined:
                _joins.Add(1);
                break;
            case MemberChange.Suspected:
                _suspicions.Add(1);
                break;
            case MemberChange.Left:
                _removals.Add(1, Left);
                break;
            case MemberChange.Lost:
                _removals.Add(1, Lost);
                break;
            default:
                break;
        }
    }

    public void OnJob(JobState state)
    {
        if (state >= JobState.Completed)
        {
            _finished.Add(1, new KeyValuePair<string, object?>(Labels.State, Word(state)));
        }
    }

    private static KeyValuePair<string, object?> Left => new(Labels.Reason, "left");

    private static KeyValuePair<string, object?> Lost => new(Labels.Reason, "lost");

    /// <summary>A counter that appears with its first event shows no increase for it.</summary>
    private void StartAtZero()
    {
        _joins.Add(0);
        _suspicions.Add(0);
        _removals.Add(0, Left);
        _removals.Add(0, Lost);
        foreach (JobState state in Enum.GetValues<JobState>().Where(state => state >= JobState.Completed))
        {
            _finished.Add(0, new KeyValuePair<string, object?>(Labels.State, Word(state)));
        }
    }

    private void OfNodes(Meter meter, MetricDefinition metric, Func<NodeView, double> value)
        => metric.Observe(meter, () => Nodes.Select(
            node => new Measurement<double>(value(node), Worker(node))));

    private static IEnumerable<Measurement<double>> Each<T>(
        Func<T, int> count, Func<T, string> word, Func<T, bool>? wanted = null)
        where T : struct, Enum
        => Enum.GetValues<T>().Where(wanted ?? (_ => true)).Select(
            state => new Measurement<double>(
                count(state), new KeyValuePair<string, object?>(Labels.State, word(state))));

    private static KeyValuePair<string, object?> Worker(NodeView node) => new(Labels.Worker, node.Name);

    private static string Word(NodeState state) => state.ToString().ToLowerInvariant();

    private static string Word(JobState state)
        => state == JobState.StoppedEarly ? "stopped_early" : state.ToString().ToLowerInvariant();
}

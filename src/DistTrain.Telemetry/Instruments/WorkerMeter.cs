using System.Diagnostics.Metrics;
using DistTrain.Cluster.Worker;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Net.Links;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Instruments;

/// <summary>What a worker node tells of itself.</summary>
internal sealed class WorkerMeter : IWorkerWatch
{
    private readonly Lock _lock = new();
    private readonly Counter<long> _shards;
    private readonly Counter<long> _samples;
    private readonly Histogram<double> _duration;
    private LinkTraffic _former;
    private ILink? _link;

    public WorkerMeter(Meter meter)
    {
        _shards = NodeMetrics.ShardsComputed.Counter(meter);
        _samples = NodeMetrics.SamplesComputed.Counter(meter);
        _duration = NodeMetrics.ShardDuration.Histogram(meter);
        _shards.Add(0);
        _samples.Add(0);
        NodeMetrics.Connected.Observe(meter, () => [new Measurement<double>(_link is null ? 0 : 1)]);
        NodeMetrics.Traffic.Observe(meter, () =>
        {
            LinkTraffic all = Traffic();
            return
            [
                new(all.BytesSent, new KeyValuePair<string, object?>(Labels.Direction, "transmit")),
                new(all.BytesReceived, new KeyValuePair<string, object?>(Labels.Direction, "receive")),
            ];
        });
    }

    public void OnLink(ILink? link)
    {
        lock (_lock)
        {
            if (_link is { } last)
            {
                _former = Sum(_former, last.Traffic);
            }
            _link = link;
        }
    }

    public void OnPublished(SubtreeReady subtree)
    {
        foreach (ShardResult shard in subtree.Shards)
        {
            if (shard.Count > 0)
            {
                _shards.Add(1);
                _samples.Add(shard.Count);
                _duration.Record(shard.Timing.Duration.TotalSeconds);
            }
        }
    }

    private LinkTraffic Traffic()
    {
        lock (_lock)
        {
            return _link is { } link ? Sum(_former, link.Traffic) : _former;
        }
    }

    private static LinkTraffic Sum(LinkTraffic one, LinkTraffic other)
        => new(one.BytesSent + other.BytesSent, one.BytesReceived + other.BytesReceived);
}

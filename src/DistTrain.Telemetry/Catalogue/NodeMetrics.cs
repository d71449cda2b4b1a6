using static DistTrain.Telemetry.Catalogue.Labels;

namespace DistTrain.Telemetry.Catalogue;

/// <summary>What nodes tell: the coordinator of its cluster, a worker of itself.</summary>
internal static class NodeMetrics
{
    public static readonly MetricDefinition Build = Value(
        "disttrain.build.info", "", "Always 1; its labels say what runs.", Release, Role);

    public static readonly MetricDefinition Threads = Value(
        "disttrain.process.threads", "{thread}", "Threads of the process, those of libtorch included.");

    public static readonly MetricDefinition DeviceUsage = Value(
        "disttrain.device.memory.usage", "By",
        "Memory of the GPU in use, by other processes too; none where the driver does not say.", Device);

    public static readonly MetricDefinition DeviceLimit = Value(
        "disttrain.device.memory.limit", "By", "Memory that the GPU has.", Device);

    // The coordinator's ------------------------------------------------------------------------------------

    public static readonly MetricDefinition Members = Value(
        "disttrain.members", "{node}", "Worker nodes that belong to the cluster.", State);

    public static readonly MetricDefinition Jobs = Value(
        "disttrain.jobs", "{job}", "Jobs that are not finished; those that are queued are the queue.", State);

    public static readonly MetricDefinition Finished = Count(
        "disttrain.jobs.finished", "{job}", "Jobs that finished under this process.", State);

    public static readonly MetricDefinition Joins = Count(
        "disttrain.member.joins", "{node}", "Nodes taken in, a return over a new link included.");

    public static readonly MetricDefinition Removals = Count(
        "disttrain.member.removals", "{node}",
        "Nodes that are members no more: left (asked to go, or went), lost (silent, dead or cut off).",
        Reason);

    public static readonly MetricDefinition Suspicions = Count(
        "disttrain.member.suspicions", "{node}", "Times a member was silent for too long.");

    public static readonly MetricDefinition NodeInfo = Value(
        "disttrain.node.info", "", "Always 1 while the node is a member.", Worker, Device, Release, State);

    public static readonly MetricDefinition NodeSilence = Value(
        "disttrain.node.silence", "s", "Time since anything was heard of the node.", Worker);

    public static readonly MetricDefinition NodeMemory = Value(
        "disttrain.node.memory", "By", "Memory of the node's device, as it said when it joined.", Worker);

    public static readonly MetricDefinition NodeTraffic = Count(
        "disttrain.node.io", "By", "Bytes between coordinator and node over their present link, as the "
        + "coordinator sees it: transmit goes to the node.", Worker, Direction);

    // A worker's -------------------------------------------------------------------------------------------

    public static readonly MetricDefinition Connected = Value(
        "disttrain.link.up", "", "1 while the worker holds a link to its coordinator, else 0.");

    public static readonly MetricDefinition Traffic = Count(
        "disttrain.link.io", "By", "Bytes over the worker's links since it started.", Direction);

    public static readonly MetricDefinition ShardsComputed = Count(
        "disttrain.shards.computed", "{shard}", "Shards whose gradients this worker sent.");

    public static readonly MetricDefinition SamplesComputed = Count(
        "disttrain.samples.computed", "{sample}", "Samples of those shards.");

    public static readonly MetricDefinition ShardDuration =
        new("disttrain.shard.duration", MetricKind.Histogram, "s", "Gather, forward and backward of a shard.",
            [])
        {
            Buckets = Buckets.Step,
        };

    public static IReadOnlyList<MetricDefinition> Coordinator { get; } =
    [
        Members, Jobs, Finished, Joins, Removals, Suspicions, NodeInfo, NodeSilence, NodeMemory, NodeTraffic,
    ];

    public static IReadOnlyList<MetricDefinition> OfWorker { get; } =
        [Connected, Traffic, ShardsComputed, SamplesComputed, ShardDuration];

    public static IReadOnlyList<MetricDefinition> OfDevices { get; } = [DeviceUsage, DeviceLimit];

    private static MetricDefinition Count(string name, string unit, string meaning, params string[] labels)
        => new(name, MetricKind.Counter, unit, meaning, labels);

    private static MetricDefinition Value(string name, string unit, string meaning, params string[] labels)
        => new(name, MetricKind.Gauge, unit, meaning, labels);
}

using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using DistTrain.Core.Sharding;

namespace DistTrain.Net.Tests;

/// <summary>One of each message that travels.</summary>
internal static class Samples
{
    public static readonly RunId Run = new(new JobId("mnist-mlp-3"), 2);

    public static readonly string Hash = new('a', 64);

    public static WeightsSent Weights(long version) => new(Run, version);

    public static PrepareRun Prepare { get; } = new(
        Run, """{"name":"x"}""",
        new RunInputs(
            Hash, [new InputFile("train.bin", 7, new string('0', 64))], new InputFile("m.pt", 9, Hash)));

    public static IMessage[] All { get; } =
    [
        new Heartbeat(5),
        new RegisterNode(
            new NodeId("gpu-3"), -7,
            new NodeDescription("cuda:0", 16, 1L << 37, 12.5, "libtorch 2.1", "0.3")),
        new RunPrepared(Run),
        new RunRefused(Run, "the data differ"),
        new RunReleased(Run),
        new LeaveRequest(),
        new NodeNotice("fetching"),
        new NodeAccepted("c0ffee", 4, new FailureDetectorOptions()),
        new NodeRefused("taken", true),
        Prepare,
        new ReleaseRun(Run),
        new LeaveReply(),
        Samples.Weights(41),
        new FilePieceRequest(Hash, 1L << 33, 1 << 20),
        new FilePiece(Hash, 1L << 33),
        new RunMessage(Run, new ComputeGradients(3, new ShardRange(0, 4))),
        new RunMessage(Run, new EvaluateChunks(3, DataSplit.Validation, new ShardRange(1, 2))),
        new RunMessage(Run, new TrainingEnded(RunStatus.StoppedEarly, "patience")),
        new RunMessage(Run, new SubtreeReady(
            new ActorId("gpu-3"), 3, new ShardRange(2, 4), 1,
            [
                new ShardResult(1.5, 3, 8)
                {
                    GradientSquares = 0.7, Timing = new ShardTiming(new TimeSpan(9), new TimeSpan(700)),
                },
                new ShardResult(-0.0, 0, 0),
            ])
        {
            Summing = new TimeSpan(20),
        }),
        new RunMessage(Run, new ChunksEvaluated(
            new ActorId("gpu-3"), 3, DataSplit.Test, new ShardRange(0, 1),
            [new ShardResult(double.NaN, 1, 2)])),
        new RunMessage(Run, new WorkFailed(new ActorId("gpu-3"), "out of memory")),
    ];
}

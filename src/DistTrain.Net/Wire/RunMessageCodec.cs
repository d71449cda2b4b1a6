using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using static DistTrain.Net.Wire.WireLimits;

namespace DistTrain.Net.Wire;

/// <summary>What a coordinator's and a worker's machine tell each other within a run.</summary>
internal static class RunMessageCodec
{
    public static Proto.RunMessage ToWire(RunMessage message)
    {
        var wire = new Proto.RunMessage { Run = WireCodec.Run(message.Run) };
        switch (message.Message)
        {
            case ComputeGradients m:
                wire.ComputeGradients = new() { Step = m.Step, Start = m.Shards.Start, End = m.Shards.End };
                if (m.LossFactor != 1)
                {
                    wire.ComputeGradients.LossFactor = m.LossFactor;
                }

                break;
            case SubtreeReady m:
                wire.SubtreeReady = new()
                {
                    Worker = m.Worker.Name,
                    Step = m.Step,
                    Start = m.Node.Start,
                    End = m.Node.End,
                    Buffer = m.Buffer,
                    Shards = ResultsCodec.ToWire(m.Shards),
                    SummingTicks = ResultsCodec.Ticks(m.Summing),
                };
                break;
            case EvaluateChunks m:
                wire.EvaluateChunks = new()
                {
                    Version = m.Version,
                    Split = WireEnums.ToWire(m.Split),
                    Start = m.Chunks.Start,
                    End = m.Chunks.End,
                };
                break;
            case ChunksEvaluated m:
                wire.ChunksEvaluated = new()
                {
                    Worker = m.Worker.Name,
                    Version = m.Version,
                    Split = WireEnums.ToWire(m.Split),
                    Start = m.Chunks.Start,
                    End = m.Chunks.End,
                    Results = ResultsCodec.ToWire(m.Results),
                };
                break;
            case TrainingEnded m:
                wire.TrainingEnded = new() { Status = WireEnums.ToWire(m.Status), Reason = Cut(m.Reason) };
                break;
            case WorkFailed m:
                wire.WorkFailed = new() { Worker = m.Worker.Name, Error = Cut(m.Error) };
                break;
            default:
                throw new ArgumentException(
                    $"{message.Message.GetType().Name} does not travel", nameof(message));
        }
        return wire;
    }

    public static RunMessage FromWire(Proto.RunMessage wire)
        => new(WireCodec.Run(wire.Run), Inner(wire));

    private static IMessage Inner(Proto.RunMessage wire) => wire.MessageCase switch
    {
        Proto.RunMessage.MessageOneofCase.ComputeGradients => FromWire(wire.ComputeGradients),
        Proto.RunMessage.MessageOneofCase.SubtreeReady => FromWire(wire.SubtreeReady),
        Proto.RunMessage.MessageOneofCase.EvaluateChunks => FromWire(wire.EvaluateChunks),
        Proto.RunMessage.MessageOneofCase.ChunksEvaluated => FromWire(wire.ChunksEvaluated),
        Proto.RunMessage.MessageOneofCase.TrainingEnded
            => new TrainingEnded(
                WireEnums.FromWire(wire.TrainingEnded.Status), Text(wire.TrainingEnded.Reason)),
        Proto.RunMessage.MessageOneofCase.WorkFailed
            => new WorkFailed(new ActorId(Name(wire.WorkFailed.Worker)), Text(wire.WorkFailed.Error)),
        _ => throw new ProtocolFaultException("a message within a run is of an unknown kind"),
    };

    private static ComputeGradients FromWire(Proto.ComputeGradients wire)
        => new(AtLeast(0, wire.Step), Range(wire.Start, wire.End))
        {
            LossFactor = LossFactor(wire.HasLossFactor, wire.LossFactor),
        };

    private static EvaluateChunks FromWire(Proto.EvaluateChunks wire)
        => new(AtLeast(0, wire.Version), WireEnums.FromWire(wire.Split), Range(wire.Start, wire.End));

    private static SubtreeReady FromWire(Proto.SubtreeReady wire)
    {
        var node = Range(wire.Start, wire.End);
        return new SubtreeReady(
            new ActorId(Name(wire.Worker)), AtLeast(0, wire.Step), node,
            Between(0, int.MaxValue, wire.Buffer), ResultsCodec.FromWire(Present(wire.Shards), node.Count))
        {
            Summing = TimeTaken(wire.SummingTicks),
        };
    }

    private static ChunksEvaluated FromWire(Proto.ChunksEvaluated wire)
    {
        var chunks = Range(wire.Start, wire.End);
        return new ChunksEvaluated(
            new ActorId(Name(wire.Worker)), AtLeast(0, wire.Version), WireEnums.FromWire(wire.Split), chunks,
            ResultsCodec.FromWire(Present(wire.Results), chunks.Count));
    }
}

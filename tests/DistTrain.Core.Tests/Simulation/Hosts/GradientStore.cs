using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>The gradients a run has received, and their sum along the tree.</summary>
internal sealed class GradientStore(World world, SimJob job, RunId run)
{
    private readonly Dictionary<(ActorId Worker, long Step, ShardRange Node), float[]> _received = [];

    public void Receive(GradientPayload payload)
    {
        RunChecks.IsOfItsVersion(world, job, payload);
        SubtreeReady ready = payload.Ready;
        _received[(ready.Worker, ready.Step, ready.Node)] = payload.Gradient;
    }

    /// <summary>The sum of a step; what belongs to earlier ones is forgotten.</summary>
    public float[] Reduce(ReduceGradients reduce)
    {
        RunChecks.IsWhole(world, job.Plan, reduce, run);
        float[]? sum = SumOf(new ShardRange(0, job.Plan.Shards), reduce);
        foreach ((ActorId, long Step, ShardRange) key in _received.Keys.Where(key => key.Step < reduce.Step))
        {
            _received.Remove(key);
        }
        return sum!;
    }

    private float[]? SumOf(ShardRange node, ReduceGradients reduce)
    {
        float[]? sum = null;
        foreach (GradientSource source in reduce.Sources.Where(source => source.Node == node))
        {
            world.Demand(
                _received.TryGetValue((source.Worker, reduce.Step, node), out float[]? gradient),
                $"{run}: the gradient of {node} in step {reduce.Step} never came from {source.Worker}");
            sum = TinyModel.Both(sum, gradient);
        }
        if (sum is not null || node.Count == 1)
        {
            return sum;
        }
        int middle = node.Start + (node.Count + 1) / 2;
        return TinyModel.Both(
            SumOf(new ShardRange(node.Start, middle), reduce),
            SumOf(new ShardRange(middle, node.End), reduce));
    }
}

using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;

namespace DistTrain.Compare.Scaling;

/// <summary>
/// Gradients of zero that cost nothing: the buffer is zero from birth and stays so. What is left of a step is
/// what the cluster adds to it.
/// </summary>
internal sealed class CostlessEngine : IEngine
{
    public string Description => "gradients that cost nothing";

    public ParameterLayout LayoutOf(ModelPlan model) => model.Layout!;

    public bool TryReadInitialValues(ModelPlan model, long seed, NativeBuffer<float> parameters) => false;

    public IReplica CreateReplica(ReplicaOptions options, NativeBuffer<float> parameters) => new Replica();

    private sealed class Replica : IReplica
    {
        public ShardResult ComputeGradient(MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient)
            => Evaluate(batch);

        public ShardResult Evaluate(MicroBatch batch) => new(batch.Count, 0, batch.Count);

        public void RefreshParameters() { }

        public void Dispose() { }
    }
}

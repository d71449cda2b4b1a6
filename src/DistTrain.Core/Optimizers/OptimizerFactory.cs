using DistTrain.Core.Jobs;

namespace DistTrain.Core.Optimizers;

/// <summary>Optimizers by their kind: a new one is a file of its own and a line here.</summary>
public static class OptimizerFactory
{
    /// <exception cref="UserFaultException">The settings contradict each other.</exception>
    public static IOptimizer Create(OptimizerSpec spec)
    {
        if (spec is { Nesterov: true, Momentum: <= 0 })
            throw new UserFaultException("optimizer.nesterov needs an optimizer.momentum above 0.");
        return spec.Kind switch
        {
            OptimizerKind.Sgd => new Sgd(spec),
            OptimizerKind.RmsProp => new RmsProp(spec),
            OptimizerKind.Adam => new Adam(spec, decoupled: false),
            OptimizerKind.AdamW => new Adam(spec, decoupled: true),
            OptimizerKind.Lars => new Lars(spec),
            OptimizerKind.Lamb => new Lamb(spec),
            _ => throw new ArgumentOutOfRangeException(nameof(spec), spec.Kind, "Not an optimizer."),
        };
    }
}

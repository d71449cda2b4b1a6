using DistTrain.Core.Jobs;

namespace DistTrain.Study.Planning;

/// <summary>What an optimizer is called that has no label.</summary>
internal static class OptimizerLabel
{
    public static string Of(OptimizerSpec optimizer) => optimizer switch
    {
        { Kind: OptimizerKind.Sgd, Nesterov: true } => "nesterov",
        { Kind: OptimizerKind.Sgd, Momentum: > 0 } => "momentum",
        _ => optimizer.Kind.ToString().ToLowerInvariant(),
    };
}

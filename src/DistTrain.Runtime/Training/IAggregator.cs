using DistTrain.Core.Coordination;

namespace DistTrain.Runtime.Training;

/// <summary>
/// Where the update happens. Both calls may return before the work is done; <c>done</c> is called once,
/// on any thread.
/// </summary>
public interface IAggregator
{
    /// <summary>Sums a step's gradients along the canonical tree.</summary>
    void Reduce(ReduceGradients request, Action<GradientsReduced> done);

    /// <summary>
    /// The machine has looked at an announcement. What arrived of the step and is not in use will not be.
    /// </summary>
    void Settle(SubtreeReady handled, IReadOnlyList<GradientSource> inUse) { }

    /// <summary>Applies the sum of the last <see cref="Reduce"/>.</summary>
    void Apply(ApplyUpdate request, Action<UpdateApplied> done);
}

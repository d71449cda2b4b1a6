namespace DistTrain.Core.Optimizers;

/// <summary>Addresses of one element in everything an update touches.</summary>
/// <param name="weights">Parameters.</param>
/// <param name="gradient">Summed gradient.</param>
/// <param name="state0">The optimizer's first state vector; null where there is none.</param>
/// <param name="state1">Its second.</param>
public readonly unsafe struct UpdateBuffers(float* weights, float* gradient, float* state0, float* state1)
{
    public float* Weights { get; } = weights;

    public float* Gradient { get; } = gradient;

    public float* State0 { get; } = state0;

    public float* State1 { get; } = state1;

    /// <summary>The addresses <paramref name="elements"/> further on.</summary>
    public UpdateBuffers At(long elements) => new(
        Weights + elements, Gradient + elements,
        State0 == null ? null : State0 + elements, State1 == null ? null : State1 + elements);
}

namespace DistTrain.Core.Jobs;

/// <summary>
/// The numbers that layers compute with. Weights, their sum of gradients and the optimizer's state are
/// float32 whatever it is.
/// </summary>
public enum Precision
{
    /// <summary>All in float32.</summary>
    Float32,

    /// <summary>float32, but matrix products round their factors to 10 bits of mantissa.</summary>
    Tf32,

    /// <summary>Matrix products and what lies between them in bfloat16: float32's range, 8 bits.</summary>
    Bf16,

    /// <summary>The same in float16: 11 bits, but nothing above 65504; needs loss scaling.</summary>
    Fp16,
}

/// <summary>
/// How the loss is scaled so that gradients fit float16's range (Micikevicius et al. 2018, section 3.2). All
/// are powers of two, so that scaling costs no bit. The defaults are those of PyTorch's GradScaler.
/// </summary>
public sealed record LossScalingSpec
{
    /// <summary>What the mean loss is multiplied by at first.</summary>
    public double Initial { get; init; } = 65536;

    /// <summary>Factor after <see cref="GrowthInterval"/> steps in a row without an overflow.</summary>
    public double Growth { get; init; } = 2;

    /// <summary>Factor after an overflow.</summary>
    public double Backoff { get; init; } = 0.5;

    /// <summary>Steps.</summary>
    public int GrowthInterval { get; init; } = 2000;
}

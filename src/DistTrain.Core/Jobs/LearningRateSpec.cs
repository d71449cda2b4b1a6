namespace DistTrain.Core.Jobs;

public sealed record LearningRateSpec
{
    /// <summary>η₀, the rate that suits <see cref="ReferenceBatch"/>.</summary>
    public required double Base { get; init; }

    public required int ReferenceBatch { get; init; }
    public required ScalingRule Scaling { get; init; }

    /// <summary>Epochs of linear warm-up per step; fractions are allowed.</summary>
    public required double WarmupEpochs { get; init; }

    /// <summary>The rate warm-up starts from; null: η₀ when scaling raises the rate, otherwise 0.</summary>
    public double? WarmupStart { get; init; }

    public required ScheduleSpec Schedule { get; init; }
}

public enum ScalingRule { None, Linear, Sqrt, Legew, AdaScale }

public sealed record ScheduleSpec
{
    public required ScheduleKind Kind { get; init; }

    /// <summary>step, exponential: γ, the factor of each decay.</summary>
    public double Gamma { get; init; } = 0.1;

    /// <summary>step: decay every N epochs.</summary>
    public double EveryEpochs { get; init; } = 1;

    /// <summary>step: decay at these epochs instead of every N.</summary>
    public IReadOnlyList<double>? Milestones { get; init; }

    /// <summary>inverse-time: α of η₀/(1+αt), t in epochs.</summary>
    public double Alpha { get; init; } = 1;

    /// <summary>polynomial: the exponent.</summary>
    public double Power { get; init; } = 1;

    /// <summary>polynomial, cosine: the rate at the end.</summary>
    public double MinimumRate { get; init; }

    /// <summary>one-cycle: share of the run spent rising.</summary>
    public double RiseFraction { get; init; } = 0.3;

    /// <summary>one-cycle: peak rate over first rate.</summary>
    public double InitialDivisor { get; init; } = 25;

    /// <summary>one-cycle: first rate over last rate.</summary>
    public double FinalDivisor { get; init; } = 1e4;

    /// <summary>reduce-on-plateau: factor of each reduction.</summary>
    public double Factor { get; init; } = 0.1;

    /// <summary>reduce-on-plateau: epochs without improvement before a reduction.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>reduce-on-plateau: the smallest change that counts as improvement.</summary>
    public double MinDelta { get; init; }

    /// <summary>reduce-on-plateau: the metric watched.</summary>
    public StoppingMetric Metric { get; init; } = StoppingMetric.ValidationLoss;

    /// <summary>sweep: the rates of its first and last step, and how many it has.</summary>
    public double From { get; init; } = 1e-6;
    public double To { get; init; } = 10;
    public int Steps { get; init; } = 100;
}

public enum ScheduleKind
{
    Constant, Step, Exponential, InverseTime, Polynomial, Cosine, OneCycle, ReduceOnPlateau, Sweep,
}

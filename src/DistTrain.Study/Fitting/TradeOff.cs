namespace DistTrain.Study.Fitting;

/// <summary>How well the data fix the critical batch.</summary>
public enum TradeOffVerdict
{
    /// <summary>The knee lies among the batches tried, and its interval has two ends.</summary>
    Fixed,

    /// <summary>There is a best value, but the scatter leaves an end of its interval open.</summary>
    Loose,

    /// <summary>Steps still fall in proportion to the batch: the knee lies beyond the largest
    /// batch.</summary>
    NoKneeYet,

    /// <summary>Steps hardly fall at all: the knee lies below the smallest batch.</summary>
    PastTheKnee,

    /// <summary>Fewer than three batches reached the target: two numbers cannot be checked on two
    /// points.</summary>
    TooFewBatches,
}

/// <summary>
/// What a larger batch buys: S = S_min·(1 + B_crit/B) steps and E = S·B = E_min + S_min·B examples to reach a
/// target, with B_crit = E_min/S_min. It is (S/S_min − 1)·(E/E_min − 1) = 1 of McCandlish et al. 2018,
/// "An Empirical Model of Large-Batch Training", eq. 2.11 and 5.1, solved for S.
/// </summary>
/// <param name="Verdict">Read it before the numbers.</param>
/// <param name="LeastSteps">S_min: steps that even an endless batch takes.</param>
/// <param name="LeastExamples">E_min: samples that even the smallest batch takes.</param>
/// <param name="CriticalBatch">B_crit, where both are twice their least.</param>
/// <param name="Batches">Different batches that went in.</param>
/// <param name="Runs">Runs that went in.</param>
public sealed record TradeOff(
    TradeOffVerdict Verdict, Estimate LeastSteps, Estimate LeastExamples, Estimate CriticalBatch, int Batches,
    int Runs)
{
    /// <summary>Steps to the target with a batch.</summary>
    public double Steps(double batch) => LeastSteps.Value * (1 + CriticalBatch.Value / batch);

    /// <summary>Samples to the target with a batch.</summary>
    public double Examples(double batch) => Steps(batch) * batch;
}

namespace DistTrain.Study.Fitting;

/// <summary>Where a number lies with 95 % confidence; a null end means that the data set no limit
/// there.</summary>
public readonly record struct Interval(double? Low, double? High)
{
    /// <summary>Whether a value is compatible with the data.</summary>
    public bool Holds(double value) => !(value < Low) && !(value > High);

    /// <summary>Around a mean, by its standard error and the degrees of freedom of that error.</summary>
    public static Interval Around(double mean, double standardError, double degrees)
    {
        double reach = StudentT.Quantile(Math.Max(1, degrees)) * standardError;
        return new Interval(mean - reach, mean + reach);
    }
}

/// <summary>A number with its 95 % interval; null: the data are too few for one.</summary>
public readonly record struct Estimate(double Value, Interval? Interval);

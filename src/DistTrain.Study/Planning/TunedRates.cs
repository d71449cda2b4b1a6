using DistTrain.Study.Specs;

namespace DistTrain.Study.Planning;

/// <summary>The rates that are tried where a setting is tuned.</summary>
internal static class TunedRates
{
    /// <param name="tune">What the study says.</param>
    /// <param name="baseRate">η₀ at the reference batch.</param>
    /// <param name="growth">k, the batch over the reference batch.</param>
    /// <returns>Ascending.</returns>
    public static IReadOnlyList<double> Of(TuneSpec tune, double baseRate, double growth)
    {
        if (tune.Rates.Count > 0)
        {
            return tune.Rates;
        }

        double centre = baseRate * tune.Centre switch
        {
            RuleNames.Linear => growth,
            RuleNames.Sqrt => Math.Sqrt(growth),
            _ => 1,
        };
        double stride = Math.Log(tune.To / tune.From) / (tune.Trials - 1);
        return
        [
            .. Enumerable.Range(0, tune.Trials)
                .Select(i => Rounded(centre * tune.From * Math.Exp(stride * i))),
        ];
    }

    /// <summary>Four significant digits: nobody tunes further, and a rate stays readable.</summary>
    private static double Rounded(double rate)
        => double.Parse(rate.ToString("G4", null), System.Globalization.CultureInfo.InvariantCulture);
}

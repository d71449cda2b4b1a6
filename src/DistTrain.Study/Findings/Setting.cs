using System.Globalization;
using DistTrain.Study.Records;

namespace DistTrain.Study.Findings;

/// <summary>
/// All that two runs must share to differ by nothing but their seed. Workers are left out on purpose: the
/// weights do not depend on how many there are, only the time does.
/// </summary>
public sealed record Setting(
    string Optimizer, string Rule, int Batch, double WarmupEpochs, double BaseRate, double PeakRate,
    int Epochs)
{
    public static Setting Of(StudyRun run) => new(
        run.Optimizer, run.Rule, run.Batch, Rounded(run.WarmupEpochs), Rounded(run.BaseRate),
        Rounded(run.PeakRate), run.Epochs);

    /// <summary>
    /// The curve that it belongs to in a plot against the batch: optimizer, rule and whether there is a
    /// warm-up. LEGW makes the warm-up grow with the batch, so there it does not tell curves apart.
    /// </summary>
    public string Line => Rule == "legew" || WarmupEpochs == 0
        ? $"{Optimizer}, {Rule}"
        : string.Create(CultureInfo.InvariantCulture, $"{Optimizer}, {Rule}, warm-up {WarmupEpochs:0.##}");

    /// <summary>Rates that went through text or a product of floats are one rate.</summary>
    private static double Rounded(double value)
        => double.IsFinite(value) && value != 0
            ? double.Parse(value.ToString("G6", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : value;
}

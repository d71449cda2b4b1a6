using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;
using DistTrain.Runs.Timeline;

namespace DistTrain.Runs.Reports;

/// <summary>Everything a report is drawn from.</summary>
/// <param name="JobJson">The effective job as text.</param>
/// <param name="Epochs">Every completed epoch, in order.</param>
/// <param name="Steps">Steps, thinned to what a chart can show; may be empty.</param>
/// <param name="Summary">How the run ended.</param>
/// <param name="Classes">Number of classes; 0: unknown, or regression.</param>
internal sealed record ReportContent(
    string JobJson, IReadOnlyList<EpochMetrics> Epochs, IReadOnlyList<StepMetrics> Steps, RunSummary Summary,
    int Classes)
{
    /// <summary>
    /// The epoch to mark: the last one that improved on the watched metric, as early stopping saw it; null
    /// where none did.
    /// </summary>
    public EpochMetrics? Best { get; } = Epochs.LastOrDefault(epoch => epoch.Improved);

    /// <summary>Validations between the ends of epochs, in order.</summary>
    public IReadOnlyList<ValidationPoint> Validations { get; init; } = [];

    /// <summary>Where the time went; null: it was not recorded.</summary>
    public TimelineRecord? Timeline { get; init; }

    /// <summary>
    /// Epochs behind a version of the weights, with fractions: between two ends of epochs the steps are
    /// alike, from one epoch to the next they may not be. Steps while no epoch is complete.
    /// </summary>
    public double PlaceOf(double step)
    {
        if (Epochs.Count == 0)
        {
            return step;
        }

        int next = Epochs.TakeWhile(epoch => epoch.Step < step).Count();
        int to = Math.Min(next, Epochs.Count - 1);
        (long start, int before) = to == 0 ? (0, 0) : (Epochs[to - 1].Step, Epochs[to - 1].Epoch);
        double length = Math.Max(Epochs[to].Step - start, 1);
        return before + (step - start) / length * (Epochs[to].Epoch - before);
    }
}

using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;

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

    /// <summary>Steps of one epoch; 0 while none is complete.</summary>
    public double StepsPerEpoch { get; } = Epochs.Count > 0 ? (double)Epochs[^1].Step / Epochs[^1].Epoch : 0;
}

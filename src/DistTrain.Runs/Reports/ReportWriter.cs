using DistTrain.Core.Coordination;
using DistTrain.Runs.Storage;
using DistTrain.Runs.Summaries;
using DistTrain.Runs.Timeline;

namespace DistTrain.Runs.Reports;

/// <summary>
/// report.html: one page that holds all it needs, without scripts, in the light or dark of the reader's
/// system. It shows the headline numbers, a verdict on fit, the curves, the epochs and the job.
/// </summary>
public static class ReportWriter
{
    /// <summary>
    /// Points of a curve that a page can use; see <see cref="Metrics.MetricsReader.ReadSteps"/>.
    /// </summary>
    public const int MostSteps = 1500;

    /// <summary>Writes the page, atomically.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="jobJson">The effective job.</param>
    /// <param name="epochs">Every completed epoch, in order; may be empty.</param>
    /// <param name="steps">Steps, thinned to about <see cref="MostSteps"/>; may be empty.</param>
    /// <param name="summary">How the run ended.</param>
    /// <param name="classes">Number of classes; 0: unknown, or regression.</param>
    /// <param name="validations">Validations between epochs, in order; null: none.</param>
    /// <param name="timeline">Where the time went; null: it was not recorded.</param>
    /// <exception cref="Core.RunFaultException">It cannot be written; the message names the file.</exception>
    public static void Write(
        string path, string jobJson, IReadOnlyList<EpochMetrics> epochs, IReadOnlyList<StepMetrics> steps,
        RunSummary summary, int classes = 0, IReadOnlyList<ValidationPoint>? validations = null,
        TimelineRecord? timeline = null)
    {
        var content = new ReportContent(jobJson, epochs, steps, summary, classes)
        {
            Validations = validations ?? [],
            Timeline = timeline,
        };
        AtomicFile.ReplaceText(path, new ReportPage(content).Render());
    }
}

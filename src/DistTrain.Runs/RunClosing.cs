using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.State;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.Reports;
using DistTrain.Runs.Summaries;
using DistTrain.Runs.Timeline;
using DistTrain.Runs.Weights;

namespace DistTrain.Runs;

/// <summary>The end of a run: what it says of itself and the files it leaves behind.</summary>
public sealed class RunClosing
{
    private readonly JobSpec _job;
    private readonly RunDirectory _directory;
    private readonly TrainingState _state;
    private readonly RunOutcome _outcome;
    private readonly int _classes;

    /// <param name="job">The effective job.</param>
    /// <param name="classes">Of the data set; 0: regression.</param>
    /// <param name="directory">The run's own.</param>
    /// <param name="state">The tensors it ended with.</param>
    /// <param name="outcome">How it ended.</param>
    /// <param name="samplesPerSecond">In training; 0: no step was taken.</param>
    /// <param name="elapsed">Wall time.</param>
    public RunClosing(
        JobSpec job, int classes, RunDirectory directory, TrainingState state, RunOutcome outcome,
        double samplesPerSecond, TimeSpan elapsed)
    {
        (_job, _classes, _directory, _state, _outcome) = (job, classes, directory, state, outcome);
        bool failed = outcome.Status == RunStatus.Failed;
        Summary = new RunSummary
        {
            Status = outcome.Status,
            Epochs = outcome.Progress.CompletedEpochs,
            Steps = outcome.Progress.Step,
            Train = outcome.Final?.Train,
            Validation = outcome.Final?.Validation,
            Test = outcome.Test,
            NoiseScale = outcome.Progress.NoiseScale.RunScale(),
            Target = outcome.Progress.Target,
            WeightsSha256 = failed ? null : WeightsHash.Compute(state.Parameters, state.Layout.TotalCount),
            // A finished run that is resumed trains no more; it repeats what its epochs said.
            SamplesPerSecond = samplesPerSecond == 0 && outcome.Progress.History is { Count: > 0 } history
                ? history.Average(epoch => epoch.SamplesPerSecond)
                : samplesPerSecond,
            Seconds = elapsed.TotalSeconds,
            RunDirectory = directory.RootPath,
            Error = failed ? outcome.Reason : null,
        };
    }

    public RunSummary Summary { get; }

    /// <summary>
    /// Writes weights, summary and report. What cannot be written is said; the result does not depend on it.
    /// </summary>
    /// <param name="files">The run's open files.</param>
    /// <param name="warn">Is told what could not be written.</param>
    /// <returns>False: the trained weights are not on disk, which a script must be able to tell.</returns>
    public bool Write(RunFiles files, Action<string> warn)
    {
        string jobJson = JobWriter.Write(_job);
        Try(warn, () => files.Close(Summary));
        bool written = true;
        if (_outcome.Status != RunStatus.Failed)
        {
            written = Try(warn, () => WeightsFile.Write(
                _directory.WeightsPath, _state.Layout, _state.Parameters, jobJson));
        }
        Try(warn, () => SummaryWriter.Write(_directory.SummaryPath, Summary));
        Try(warn, () => ReportWriter.Write(
            _directory.ReportPath, jobJson, _outcome.Progress.History,
            MetricsReader.ReadSteps(_directory.MetricsPath, ReportWriter.MostSteps), Summary, _classes,
            _outcome.Progress.Validations, TimelineReader.Read(_directory)));
        return written;
    }

    private static bool Try(Action<string> warn, Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is DistTrainException or IOException or UnauthorizedAccessException)
        {
            warn(e.Message);
            return false;
        }
    }
}

using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Core.State;
using DistTrain.Runs;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.Reports;
using DistTrain.Runs.Summaries;
using DistTrain.Runs.Weights;
using DistTrain.Runtime.Training;

namespace DistTrain.Cli.Training;

/// <summary>The end of a run: its files and what is said about it.</summary>
internal sealed class RunResult
{
    private readonly JobSpec _job;
    private readonly RunDirectory _directory;
    private readonly TrainingState _state;
    private readonly RunOutcome _outcome;
    private readonly RunSummary _summary;
    private readonly int _classes;

    public RunResult(
        JobSpec job, int classes, RunDirectory directory, TrainingState state, RunOutcome outcome,
        double samplesPerSecond, TimeSpan elapsed)
    {
        _classes = classes;
        _job = job;
        _directory = directory;
        _state = state;
        _outcome = outcome;
        _summary = new RunSummary
        {
            Status = outcome.Status,
            Epochs = outcome.Progress.CompletedEpochs,
            Steps = outcome.Progress.Step,
            Train = outcome.Final?.Train,
            Validation = outcome.Final?.Validation,
            Test = outcome.Test,
            WeightsSha256 = outcome.Status == RunStatus.Failed
                ? null
                : WeightsHash.Compute(state.Parameters, state.Layout.TotalCount),
            // A finished run that is resumed trains no more; it repeats what its epochs said.
            SamplesPerSecond = samplesPerSecond == 0 && outcome.Progress.History is { Count: > 0 } history
                ? history.Average(epoch => epoch.SamplesPerSecond)
                : samplesPerSecond,
            Seconds = elapsed.TotalSeconds,
            RunDirectory = directory.RootPath,
            Error = outcome.Status == RunStatus.Failed ? outcome.Reason : null,
        };
    }

    /// <summary>
    /// Writes weights, summary and report. What cannot be written is said; the result on stdout does not
    /// depend on it.
    /// </summary>
    /// <returns>False: the trained weights are not on disk, which a script must be able to tell.</returns>
    public bool Write(RunFiles files)
    {
        string jobJson = JobWriter.Write(_job);
        Try(() => files.Close(_summary));
        bool written = true;
        if (_outcome.Status != RunStatus.Failed)
        {
            written = Try(() => WeightsFile.Write(
                _directory.WeightsPath, _state.Layout, _state.Parameters, jobJson));
        }
        Try(() => SummaryWriter.Write(_directory.SummaryPath, _summary));
        Try(() => ReportWriter.Write(
            _directory.ReportPath, jobJson, _outcome.Progress.History,
            MetricsReader.ReadSteps(_directory.MetricsPath, ReportWriter.MostSteps), _summary, _classes));
        return written;
    }

    /// <summary>One object on stdout with --json, else a few lines for people.</summary>
    public void Print(TrainRequest request)
    {
        if (_outcome.Status == RunStatus.Failed)
        {
            Console.Error.WriteLine($"disttrain: {_outcome.Reason}");
        }
        if (_outcome.Status == RunStatus.Interrupted)
        {
            string path = _directory.RootPath;
            Console.Error.WriteLine(
                $"to go on: disttrain train --resume {(path.Contains(' ') ? $"'{path}'" : path)}");
        }
        if (request.Json)
        {
            Console.Out.WriteLine(SummaryWriter.ToLine(_summary));
            return;
        }
        Console.Out.WriteLine($"{_summary.StatusText}: {_outcome.Reason}");
        Line("train", _summary.Train);
        Line("validation", _summary.Validation);
        Line("test", _summary.Test);
        Console.Out.WriteLine($"speed       {_summary.SamplesPerSecond:N0} samples/s in training, "
            + $"{_summary.Seconds:F1} s in all");
        if (_summary.WeightsSha256 is { } hash)
        {
            Console.Out.WriteLine($"weights     sha256 {hash}");
        }
        Console.Out.WriteLine($"report      {_directory.ReportPath}");
    }

    private static void Line(string name, EvaluationMetrics? metrics)
    {
        if (metrics is null)
        {
            return;
        }
        string accuracy = metrics.Accuracy is { } share ? $", accuracy {share * 100:F2} %" : "";
        Console.Out.WriteLine($"{name,-11} loss {metrics.Loss:F4}{accuracy}");
    }

    private static bool Try(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (Exception e) when (e is RunFaultException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"warning: {e.Message}");
            return false;
        }
    }
}

using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Noise;
using DistTrain.Runs;
using DistTrain.Runs.Summaries;

namespace DistTrain.Cli.Training;

/// <summary>What is said about a run at its end.</summary>
internal static class RunResult
{
    /// <summary>One object on stdout with --json, else a few lines for people.</summary>
    public static void Print(RunDirectory directory, RunOutcome outcome, RunSummary summary, bool json)
    {
        if (outcome.Status == RunStatus.Failed)
        {
            Console.Error.WriteLine($"disttrain: {outcome.Reason}");
        }
        if (outcome.Status == RunStatus.Interrupted)
        {
            string path = directory.RootPath;
            Console.Error.WriteLine(
                $"to go on: disttrain train --resume {(path.Contains(' ') ? $"'{path}'" : path)}");
        }
        if (json)
        {
            Console.Out.WriteLine(SummaryWriter.ToLine(summary));
            return;
        }
        Console.Out.WriteLine($"{summary.StatusText}: {outcome.Reason}");
        Line("train", summary.Train);
        Line("validation", summary.Validation);
        Line("test", summary.Test);
        if (summary.NoiseScale is { } scale)
        {
            Console.Out.WriteLine($"noise scale {NoiseVerdict.Samples(scale)} samples over the run");
        }
        Console.Out.WriteLine($"speed       {summary.SamplesPerSecond:N0} samples/s in training, "
            + $"{summary.Seconds:F1} s in all");
        if (summary.WeightsSha256 is { } hash)
        {
            Console.Out.WriteLine($"weights     sha256 {hash}");
        }
        Console.Out.WriteLine($"report      {directory.ReportPath}");
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
}

using System.Text.Json;
using DistTrain.Cli.Terminal;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Study.Execution;
using DistTrain.Study.Planning;
using DistTrain.Study.Records;

namespace DistTrain.Cli.Study;

/// <summary>A study in words and tables.</summary>
internal static class StudyText
{
    /// <summary>The line of a run that ended.</summary>
    public static string Ended(RunEnd end, StoppingMetric metric)
    {
        string what = end switch
        {
            { Diverged: true } => "diverged",
            { GivenUp: true } => $"given up after epoch {end.Summary.Epochs}",
            { Summary.Status: RunStatus.Failed } => $"failed: {end.Summary.Error}",
            _ when end.Trace.Best is { } best => $"best {NameOf(metric)} {Value(metric, best)}",
            _ => end.Summary.StatusText,
        };
        string target = end.Summary.Target is { } reached ? $", target at step {reached.Step}" : "";
        return $"{end.Run.Request.Name}: {what}{target}, {end.Summary.Seconds:F1} s";
    }

    /// <summary>The plan: what would be run, and how long that would take as far as anything is
    /// known.</summary>
    public static void Plan(
        StudyPlan plan, IReadOnlySet<string> finished, TimeEstimate estimate, TextWriter output,
        TextLook look)
    {
        var table = new TextTable(
            new("run"), new("optimizer"), new("rule"), new("batch", Right: true), new("rate", Right: true),
            new("warm-up", Right: true), new("workers", Right: true), new("seed", Right: true),
            new("epochs", Right: true), new("steps", Right: true), new("time", Right: true));
        foreach (StudyCell cell in plan.Cells)
        {
            long? steps = plan.StepsOf(cell.Job);
            double? seconds = plan.SamplesOf(cell.Job) is { } samples
                ? estimate.SecondsFor(cell.Job, samples) : null;
            table.Add(
                cell.Id, cell.Optimizer, cell.Rule, $"{cell.Job.Batch.Global}", Units.Rate(cell.PeakRate),
                $"{cell.WarmupEpochs}", $"{cell.Job.Workers.Max}", $"{cell.Job.Seed}", $"{cell.Job.Epochs}",
                steps is { } known ? Units.Count(known) : "-",
                finished.Contains(cell.Id) ? "done"
                    : seconds is { } time ? Units.Clock(TimeSpan.FromSeconds(time)) : "-");
        }

        table.Write(output, look);
        int left = plan.Runs.Count(run => !finished.Contains(run.Id));
        output.WriteLine(
            $"{plan.Cells.Count} cells, {plan.Runs.Count} different runs, {left} of them to be made");
    }

    /// <summary>What is said at the end.</summary>
    public static void Result(StudyOutcome outcome, StudyFolder folder, TextWriter output)
    {
        output.WriteLine($"{outcome.Rows.Count} cells, {Counted(outcome.Rows)}");
        output.WriteLine($"results     {folder.TablePath}");
        if (outcome.Complete)
        {
            output.WriteLine($"report      {folder.ReportPath}");
        }
    }

    /// <summary>The result object of <c>study --json</c>, one line.</summary>
    public static string ResultObject(StudyOutcome outcome, StudyFolder folder, int planned)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("status", outcome.Complete ? "completed" : "interrupted");
            json.WriteNumber("cells", planned);
            json.WriteNumber("finished", outcome.Rows.Count);
            json.WriteNumber("diverged", outcome.Rows.Count(row => row.Diverged));
            json.WriteNumber("failed", outcome.Rows.Count(HasFailed));
            json.WriteNumber("givenUp", outcome.Rows.Count(row => row.GivenUp));
            json.WriteNumber("reachedTarget", outcome.Rows.Count(row => row.StepsToTarget is not null));
            json.WriteString("directory", folder.RootPath);
            json.WriteString("results", folder.TablePath);
            json.WriteString("report", outcome.Complete ? folder.ReportPath : null);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Failed for another reason than its own gradients.</summary>
    public static bool HasFailed(StudyRun row) => row is { Status: RunStatus.Failed, Diverged: false };

    private static string Counted(IReadOnlyList<StudyRun> rows)
    {
        int diverged = rows.Count(row => row.Diverged), failed = rows.Count(HasFailed);
        return $"{rows.Count(row => row.StepsToTarget is not null)} reached the target, "
            + $"{diverged} diverged, {failed} failed, {rows.Count(row => row.GivenUp)} were given up";
    }

    private static string NameOf(StoppingMetric metric)
        => metric == StoppingMetric.ValidationAccuracy ? "validation accuracy" : "validation loss";

    private static string Value(StoppingMetric metric, double value)
        => metric == StoppingMetric.ValidationAccuracy ? Units.Share(value) : Units.Loss(value);
}

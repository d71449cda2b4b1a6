using DistTrain.Core;
using DistTrain.Study.Launching;
using DistTrain.Study.Planning;
using DistTrain.Study.Records;
using DistTrain.Study.Reports;

namespace DistTrain.Study.Execution;

/// <summary>Where a study stands when it ends or is interrupted.</summary>
/// <param name="Rows">Cells that are finished, in the order of the grid.</param>
/// <param name="Complete">False: it was interrupted.</param>
public sealed record StudyOutcome(IReadOnlyList<StudyRun> Rows, bool Complete);

/// <summary>
/// Makes a study, or what is left of it. Everything it knows is in its folder: whoever starts it again, after
/// an interrupt, a crash or a kill, loses at most what the runs under way did since their last checkpoint.
/// </summary>
public sealed class StudyRunner : IDisposable
{
    private readonly StudyPlan _plan;
    private readonly StudyFolder _folder;
    private readonly StoredPlan _stored;
    private readonly JsonLines<StudyRun> _journal;
    private readonly GridSource _source;

    private StudyRunner(
        StudyPlan plan, StudyFolder folder, StoredPlan stored, JsonLines<StudyRun> journal, GridSource source)
        => (_plan, _folder, _stored, _journal, _source) = (plan, folder, stored, journal, source);

    /// <summary>Rows of an earlier attempt.</summary>
    public IReadOnlyList<StudyRun> Finished => _stored.InOrder(_journal.Items);

    /// <summary>Runs that are still to be made.</summary>
    public int Waiting => _source.Waiting;

    /// <summary>Runs not finished, those under way among them, with the samples each trains on at most;
    /// null: the samples are not known here.</summary>
    public IReadOnlyList<(PlannedRun Run, double Samples)>? Left()
        => _plan.TrainingSamples is null ? null
            : [.. _source.Unfinished.Select(run => (run, _plan.SamplesOf(run.Request.Job)!.Value))];

    /// <summary>Opens a study's folder, or makes it.</summary>
    /// <param name="plan">What the study file asks for.</param>
    /// <param name="frame">For the report.</param>
    /// <param name="folder">Where everything goes.</param>
    /// <param name="notice">Is told of a torn line.</param>
    /// <exception cref="UserFaultException">What was planned there is another study, or another process is at
    /// work there.</exception>
    public static StudyRunner Open(
        StudyPlan plan, StudyFrame frame, StudyFolder folder, Action<string> notice)
    {
        StoredPlan stored = StoredPlan.Of(plan, frame);
        if (folder.ReadPlan() is { } earlier)
        {
            CheckGoesOn(earlier, stored, folder);
        }

        folder.Make();
        var journal = JsonLines<StudyRun>.Open(folder.ResultsPath, StudyJson.Run, notice);
        try
        {
            folder.WritePlan(stored);
            return new StudyRunner(plan, folder, stored, journal, new GridSource(plan, journal));
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    /// <summary>Makes the runs that are left, and writes the tables and the report.</summary>
    /// <param name="launcher">Carries the runs out.</param>
    /// <param name="watcher">Sees them.</param>
    /// <param name="cancellation">Ends it early; what is finished stays.</param>
    /// <exception cref="DistTrainException">A run could not be made; what is finished stays.</exception>
    public async Task<StudyOutcome> RunAsync(
        IRunLauncher launcher, IRunsWatcher watcher, CancellationToken cancellation)
    {
        var executor = new RunExecutor(launcher, _plan.Study.Target.Metric, watcher);
        bool complete = false;
        try
        {
            complete = await executor.RunAsync(_source, cancellation);
        }
        finally
        {
            WriteTables(complete);
        }

        return new StudyOutcome(Finished, complete);
    }

    public void Dispose() => _journal.Dispose();

    private void WriteTables(bool complete)
    {
        IReadOnlyList<StudyRun> rows = Finished;
        if (rows.Count > 0)
        {
            StudyCsv.Write(_folder.TablePath, rows);
        }

        if (complete)
        {
            StudyReport.Write(_stored.Frame, rows, _folder.ReportPath);
        }
    }

    private static void CheckGoesOn(StoredPlan earlier, StoredPlan later, StudyFolder folder)
    {
        IReadOnlyList<string> differences = earlier.DifferencesTo(later);
        if (differences.Count > 0)
        {
            throw new UserFaultException(
            [
                .. differences,
                $"{folder.RootPath} was begun with the former; put it back (lists may grow), or name another "
                + "folder with --out",
            ]);
        }
    }
}

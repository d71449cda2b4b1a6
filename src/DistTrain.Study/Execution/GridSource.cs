using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Study.Launching;
using DistTrain.Study.Planning;
using DistTrain.Study.Records;

namespace DistTrain.Study.Execution;

/// <summary>
/// Gives the runs of a grid that are not finished, and keeps what they come to: one line in the journal for
/// every cell a run fills, on the disk before the next run begins.
/// </summary>
public sealed class GridSource : IRunSource
{
    private readonly StudyPlan _plan;
    private readonly JsonLines<StudyRun> _journal;
    private readonly Queue<GridRun> _waiting;
    private readonly Dictionary<string, GridRun> _runs;
    private readonly Dictionary<string, PlannedRun> _unfinished;
    private readonly Dictionary<string, List<double>> _rungs = new(StringComparer.Ordinal);
    private readonly HalvingRule? _halving;

    /// <param name="plan">The grid.</param>
    /// <param name="journal">What is finished already, and where the rest goes.</param>
    public GridSource(StudyPlan plan, JsonLines<StudyRun> journal)
    {
        (_plan, _journal) = (plan, journal);
        _runs = plan.Runs.ToDictionary(run => run.Id, StringComparer.Ordinal);
        _halving = plan.Study.Halving is { } halving
            ? new HalvingRule(halving, plan.Study.Target.Metric) : null;
        Dictionary<string, StudyRun> finished = Finished(journal.Items);
        _waiting = new Queue<GridRun>(plan.Runs.Where(run => !finished.ContainsKey(run.Id)));
        _unfinished = _waiting.ToDictionary(run => run.Id, Planned, StringComparer.Ordinal);
        HashSet<string> present = [.. journal.Items.Select(RunRecords.KeyOf)];
        foreach (GridRun run in plan.Runs.Where(run => finished.ContainsKey(run.Id)))
        {
            Remember(run, finished[run.Id], present);
        }
    }

    /// <summary>Runs that are not begun.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>Runs that are not finished, those under way among them.</summary>
    public IReadOnlyCollection<PlannedRun> Unfinished => _unfinished.Values;

    public PlannedRun? Next()
        => _waiting.TryDequeue(out GridRun? run) ? _unfinished[run.Id] : null;

    public void OnFinished(RunEnd end)
    {
        GridRun run = _runs[end.Run.Key];
        _unfinished.Remove(run.Id);
        IReadOnlyList<double> rungs = _rungs.GetValueOrDefault(run.Id) ?? [];
        _journal.Append([.. run.Cells.Select(cell => RunRecords.Of(cell, end, rungs))]);
    }

    public bool GoesOn(PlannedRun run, EpochMetrics epoch)
    {
        if (_halving is null || !_plan.Study.Halving!.Rungs.Contains(epoch.Epoch))
        {
            return true;
        }

        GridRun known = _runs[run.Key];
        double? value = RunTrace.ValueOf(_plan.Study.Target.Metric, epoch.Validation);
        Note(known.Id, value ?? double.NaN, _plan.Study.Halving.Rungs.ToList().IndexOf(epoch.Epoch));
        return Judge(known, epoch.Epoch, value);
    }

    private static PlannedRun Planned(GridRun run)
        => new(run.Id, new RunRequest(run.Job.Name, run.Job));

    /// <summary>
    /// Runs that need not be made again. What failed for another reason than its own gradients is tried once
    /// more: the reason may be gone.
    /// </summary>
    private static Dictionary<string, StudyRun> Finished(IReadOnlyList<StudyRun> lines)
    {
        var finished = new Dictionary<string, StudyRun>(StringComparer.Ordinal);
        foreach (StudyRun line in lines)
        {
            if (line.Status != RunStatus.Failed || line.Diverged)
            {
                finished[line.Id] = line;
            }
        }

        return finished;
    }

    /// <summary>
    /// A run that is finished may lack the line of a cell: the process ended between two lines, or the grid
    /// has grown by a rule that comes to the same job.
    /// </summary>
    private void Remember(GridRun run, StudyRun line, HashSet<string> present)
    {
        StudyRun[] missing = [.. run.Cells.Where(cell => !present.Contains(cell.Key))
            .Select(cell => RunRecords.Place(cell, line))];
        if (missing.Length > 0)
        {
            _journal.Append(missing);
        }

        for (int i = 0; _halving is not null && i < line.Rungs.Count; i++)
        {
            Judge(run, _plan.Study.Halving!.Rungs[i], line.Rungs[i]);
        }
    }

    /// <summary>
    /// Whether the run is worth going on with in any of its cells; one that fills a cell which is not a try
    /// of a tuned setting always is.
    /// </summary>
    private bool Judge(GridRun run, int epoch, double? value)
    {
        bool goesOn = false;
        foreach (StudyCell cell in run.Cells)
        {
            goesOn |= cell.Setting is not { } setting || _halving!.GoesOn(setting, run.Id, epoch, value);
        }

        return goesOn;
    }

    private void Note(string id, double value, int rung)
    {
        if (!_rungs.TryGetValue(id, out List<double>? values))
        {
            _rungs.Add(id, values = []);
        }

        // A run that was interrupted tells its first epochs again.
        if (rung < values.Count)
        {
            values[rung] = value;
        }
        else
        {
            values.Add(value);
        }
    }
}

using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Summaries;
using DistTrain.Study.Execution;
using DistTrain.Study.Launching;
using DistTrain.Study.Planning;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tuning.Execution;

/// <summary>
/// Carries a search out: as many trials side by side as workers allow, each chosen when a place is free, each
/// on disk before the next is chosen in its place.
/// </summary>
public sealed class TuneExecutor(
    TunePlan plan, IRunLauncher launcher, TrialJournal journal, ITuneObserver observer, TimeProvider time)
{
    private const int LongestName = 64;

    private readonly Lock _gate = new();
    private readonly TrialQueue _queue = new(plan, journal.Earlier);
    private double _spent;
    private int _ran;

    /// <summary>Trials side by side.</summary>
    public int Slots => Math.Clamp(launcher.Workers / plan.WorkersPerTrial, 1, Math.Max(1, plan.Trials));

    /// <summary>Searches until there are enough trials, or no more points, or it is interrupted.</summary>
    /// <returns>All trials that have ended, by number.</returns>
    /// <exception cref="UserFaultException">No point of the space gives a job that can be run.</exception>
    public async Task<IReadOnlyList<Trial>> RunAsync(CancellationToken cancellation)
    {
        observer.OnStarted(_queue.Counted, plan.Trials, Slots);
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAll(Enumerable.Range(0, Slots).Select(async _ =>
        {
            try
            {
                await WorkAsync(failed.Token);
            }
            catch
            {
                // What fails here fails the search; the other trials save and end.
                await failed.CancelAsync();
                throw;
            }
        }));
        IReadOnlyList<Trial> trials = _queue.Ended;
        if (trials.Count > 0 && trials.All(t => t.Status == TrialStatus.Refused))
        {
            throw new UserFaultException(
                $"all {trials.Count} points that were tried were refused, the first one because: "
                + trials[0].Reason);
        }

        return trials;
    }

    private async Task WorkAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested && Next() is { } planned)
        {
            if (await RunTrialAsync(planned, cancellation) is { } trial)
            {
                Keep(trial);
            }
        }
    }

    private PlannedTrial? Next()
    {
        lock (_gate)
        {
            List<Trial> refused = [];
            PlannedTrial? planned = _queue.Next(refused);
            refused.ForEach(Note);
            return planned;
        }
    }

    /// <summary>Null: it was interrupted, and counts for nothing.</summary>
    private async Task<Trial?> RunTrialAsync(PlannedTrial planned, CancellationToken cancellation)
    {
        var trial = new Trial
        {
            Index = planned.Index,
            Point = planned.Point,
            Values = planned.Values,
            Status = TrialStatus.Completed,
        };
        long started = time.GetTimestamp();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var watch = new TrialWatch(plan.Objective, planned.Job.Epochs, GoesOn, end.Cancel);
        JobSpec job = JobToRun(planned);
        var request = new RunRequest(job.Name, job);
        RunSummary summary;
        try
        {
            summary = await launcher.RunAsync(request, watch, end.Token);
            if (watch.IsGivenUp)
            {
                await launcher.AbandonAsync(request, cancellation);
            }
        }
        catch (UserFaultException fault)
        {
            return trial with { Status = TrialStatus.Refused, Reason = fault.Problems[0] };
        }
        catch (RunFaultException fault)
        {
            return trial with { Status = TrialStatus.Failed, Curve = watch.Curve, Reason = fault.Message };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }

        trial = trial with
        {
            Curve = watch.Curve,
            Value = watch.Best,
            Steps = summary.Steps,
            Seconds = time.GetElapsedTime(started).TotalSeconds,
            RunDirectory = StudyFolder.Relative(summary.RunDirectory),
        };
        return summary.Status switch
        {
            RunStatus.Failed => trial with
            {
                Status = TrialStatus.Failed,
                Value = null,
                Reason = summary.Error ?? "the run failed",
            },
            RunStatus.Interrupted when watch.IsGivenUp => trial with { Status = TrialStatus.GivenUp },
            RunStatus.Interrupted => null,
            _ => trial,
        };
    }

    private bool GoesOn(int epoch, double cost)
    {
        lock (_gate)
        {
            return _queue.GoesOn(epoch, cost);
        }
    }

    private void Keep(Trial trial)
    {
        lock (_gate)
        {
            _queue.End(trial);
            _ran++;
            _spent += trial.Seconds;
            Note(trial);
        }
    }

    private void Note(Trial trial)
    {
        journal.Append(trial);
        int left = plan.Trials - _queue.Counted;
        TimeSpan? remaining = _ran == 0 ? null
            : TimeSpan.FromSeconds(_spent / _ran * Math.Ceiling((double)left / Slots));
        observer.OnTrial(trial, new TuneProgress(_queue.Counted, plan.Trials, _queue.Best, remaining));
    }

    /// <summary>
    /// Named by what it is, for a launcher takes a run of the same name up where it was left.
    /// </summary>
    private JobSpec JobToRun(PlannedTrial planned)
    {
        JobSpec job = planned.Job;
        int most = Math.Min(plan.WorkersPerTrial, launcher.Workers);
        string suffix = $"-t{planned.Index}-{RunIdentity.Of(job)}";
        return job with
        {
            Name = job.Name[..Math.Min(job.Name.Length, LongestName - suffix.Length)] + suffix,
            Workers = new WorkersSpec(Math.Min(job.Workers.Min, most), Math.Min(job.Workers.Max, most)),
        };
    }
}

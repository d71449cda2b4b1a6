using DistTrain.Core.Coordination;

namespace DistTrain.Core.Cluster;

/// <summary>Opens runs, ends them, and makes of their ends what becomes of their jobs.</summary>
internal sealed class RunLife(ClusterState state, RunLeases leases)
{
    /// <summary>Begins the next attempt at a queued job; the attempt's number is on disk before it.</summary>
    public ActiveRun Open(JobRecord job, List<Effect> effects)
    {
        JobRecord running = job with { State = JobState.Running, Attempt = job.Attempt + 1, Reason = null };
        state.Jobs.Update(running, effects);
        ActiveRun run = state.Runs.Open(new RunId(running.Id, running.Attempt));
        effects.Add(new OpenRun(run.Id));
        effects.Add(new ClusterNotice($"{run.Id.Job} begins its attempt {run.Id.Attempt}", run.Id.Job));
        return run;
    }

    public void OnOpened(RunOpened opened, TimeSpan now, List<Effect> effects)
    {
        if (state.Runs.Find(opened.Run) is not { Opened: null } run)
        {
            return;
        }
        run.Opened = opened;
        if (run.StopReason is { } reason)
        {
            effects.Add(new TellRun(run.Id, new StopRequested(reason)));
        }
        else
        {
            leases.PrepareAll(run, now, effects);
        }
    }

    public void OnNotOpened(RunNotOpened failed, TimeSpan now, List<Effect> effects)
    {
        if (state.Runs.Find(failed.Run) is not { Opened: null } run)
        {
            return;
        }
        // A job that is to stop anyway is stopped; its last checkpoint, if any, is as good as before.
        bool stopping = state.Jobs.Find(run.Id.Job)!.State == JobState.Stopping;
        End(run, stopping ? RunStatus.Interrupted : RunStatus.Failed, failed.Error, now, effects);
    }

    public void OnEnded(RunEnded ended, TimeSpan now, List<Effect> effects)
    {
        if (state.Runs.Find(ended.Run) is { } run)
        {
            End(run, ended.Status, ended.Reason, now, effects);
        }
    }

    /// <summary>The run finishes its step, saves and ends as interrupted. The first reason counts.</summary>
    public void RequestStop(ActiveRun run, string reason, TimeSpan now, List<Effect> effects)
    {
        if (run.StopReason is not null)
        {
            return;
        }
        run.StopReason = reason;
        if (run.Opened is not null)
        {
            effects.Add(new TellRun(run.Id, new StopRequested(reason)));
        }
        leases.WithdrawUnprepared(run, now, effects);
    }

    private void End(ActiveRun run, RunStatus status, string reason, TimeSpan now, List<Effect> effects)
    {
        state.Runs.Close(run);
        JobRecord job = JobLifecycle.AfterRun(state.Jobs.Find(run.Id.Job)!, status, reason);
        state.Jobs.Update(job, effects);
        leases.ReleaseAll(run, now, effects);
        effects.Add(new ClusterNotice($"{job.Id} is {JobLifecycle.Word(job.State)}: {reason}", job.Id));
    }
}

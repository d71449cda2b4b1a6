using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;

namespace DistTrain.Core.Cluster;

/// <summary>Carries out what people ask for; each command gets exactly one reply.</summary>
internal sealed class CommandDesk(ClusterState state, RunLife life, Departures departures)
{
    /// <returns>False: the message is no command.</returns>
    public bool Handle(IMessage message, TimeSpan now, List<Effect> effects)
    {
        switch (message)
        {
            case SubmitJob submit:
                effects.Add(new Reply(submit.Request, Submit(submit.Job, effects)));
                return true;
            case PauseJob pause:
                Change(pause.Request, pause.Job, JobLifecycle.Pause, "paused on request", now, effects);
                return true;
            case ResumeJob resume:
                Change(resume.Request, resume.Job, JobLifecycle.Resume, null, now, effects);
                return true;
            case StopJob stop:
                Change(stop.Request, stop.Job, JobLifecycle.Stop, "stopped on request", now, effects);
                return true;
            case ScaleJob scale:
                Scale(scale, now, effects);
                return true;
            case DrainNode drain:
                effects.Add(new Reply(drain.Request, Drain(drain, now, effects)));
                return true;
            default:
                return false;
        }
    }

    private CommandResult Submit(JobRecord job, List<Effect> effects)
    {
        if (state.IsClosing)
        {
            return new(CommandStatus.Conflict, "the coordinator is going down; submit again once it is back");
        }
        if (state.Jobs.Find(job.Id) is not null)
        {
            return new(CommandStatus.Conflict, $"there is a job {job.Id} already");
        }
        if (job.MinWorkers < 1 || job.MaxWorkers < job.MinWorkers)
        {
            return new(CommandStatus.Conflict,
                $"{job.Id} asks for {job.MinWorkers} to {job.MaxWorkers} workers; 1 ≤ minimum ≤ maximum is right");
        }
        state.Jobs.Append(job, effects);
        return new(CommandStatus.Done, $"{job.Id} is in the queue");
    }

    /// <param name="stopReason">Why the run ends where the job leaves Running.</param>
    private void Change(
        RequestId request, JobId id, Func<JobRecord, (JobRecord, CommandResult)> change, string? stopReason,
        TimeSpan now, List<Effect> effects)
    {
        if (state.Jobs.Find(id) is not { } job)
        {
            effects.Add(new Reply(request, new(CommandStatus.NotFound, $"there is no job {id}")));
            return;
        }
        (JobRecord changed, CommandResult result) = change(job);
        state.Jobs.Update(changed, effects);
        if (changed.State is JobState.Pausing or JobState.Stopping && stopReason is not null)
        {
            life.RequestStop(state.Runs.Find(id)!, stopReason, now, effects);
        }
        effects.Add(new Reply(request, result));
    }

    private void Scale(ScaleJob scale, TimeSpan now, List<Effect> effects)
    {
        int before = state.Jobs.Find(scale.Job)?.MinWorkers ?? 0;
        Change(scale.Request, scale.Job, job => JobLifecycle.Scale(job, scale.Workers), null, now, effects);
        if (state.Jobs.Find(scale.Job) is { State: JobState.Running } job && job.MinWorkers < before)
        {
            // Its coordinator machine was made for the higher minimum and would wait for it.
            life.RequestStop(
                state.Runs.Find(job.Id)!, $"goes on with {scale.Workers} workers", now, effects);
        }
    }

    private CommandResult Drain(DrainNode drain, TimeSpan now, List<Effect> effects)
    {
        if (state.Members.Find(drain.Node) is not { } entry)
        {
            return new(CommandStatus.NotFound, $"there is no node {drain.Node}");
        }
        bool already = entry.IsLeaving;
        departures.Begin(entry, now, effects);
        return new(CommandStatus.Done, already
            ? $"{drain.Node} is leaving already"
            : $"{drain.Node} finishes its step and leaves");
    }
}

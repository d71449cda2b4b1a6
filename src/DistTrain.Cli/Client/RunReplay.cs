using DistTrain.Api;
using DistTrain.Cli.Terminal;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Client;

/// <summary>
/// Turns a job's events back into the calls that an observer of a run gets, so that a watched job looks as
/// one that is trained here.
/// </summary>
internal sealed class RunReplay(IRunObserver view)
{
    /// <summary>The last state that an event told.</summary>
    public JobState? State { get; private set; }

    /// <summary>The result object, one line of JSON; null: not finished.</summary>
    public string? Result { get; private set; }

    public void Show(JobEvent happened)
    {
        if (happened.State is { } change)
        {
            State = change.State;
            string reason = change.Reason is { } why ? $": {why}" : "";
            view.OnNotice($"{JobText.State(change.State)}{reason}");
        }

        if (happened.Started is { } started)
        {
            Start(started);
        }

        if (happened.Step is { } step)
        {
            view.OnStep(step);
        }

        if (happened.Evaluating is { } evaluating)
        {
            view.OnEvaluating(evaluating.Epoch, evaluating.Split);
        }

        if (happened.Epoch is { } epoch)
        {
            view.OnEpoch(epoch);
        }

        if (happened.Validation is { } validation)
        {
            view.OnValidation(validation);
        }

        if (happened.Workers is { } workers)
        {
            view.OnWorkers(workers);
        }

        if (happened.Notice is { } notice)
        {
            view.OnNotice(notice);
        }

        Result = happened.Result ?? Result;
    }

    private void Start(JobStarted started)
    {
        try
        {
            JobSpec job = JobReader.Read(started.JobJson, "job.json", [], started.Workers);
            view.OnStarted(new RunStarted(
                job, started.Workers, started.StepsPerEpoch, started.TrainingSamples,
                started.ValidationSamples, started.Parameters, started.Engine, started.ResumedAt));
        }
        catch (UserFaultException fault)
        {
            // A coordinator of a newer version; its results can be told all the same.
            view.OnNotice($"this version cannot show the job's steps: {fault.Problems[0]}");
        }
    }
}

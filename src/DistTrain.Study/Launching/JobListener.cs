using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Study.Launching;

/// <summary>Brings a job's events to an observer as the calls that a run on this machine makes.</summary>
internal sealed class JobListener(IRunObserver observer)
{
    private EpochMetrics? _last;

    /// <summary>The result object, one line of JSON; null: not finished.</summary>
    public string? Result { get; private set; }

    /// <summary>The last epoch that was told; null: none yet.</summary>
    public EpochMetrics? LastEpoch => _last;

    public void Hear(JobEvent happened)
    {
        if (happened.Started is { } started)
        {
            Start(started);
        }

        if (happened.Step is { } step)
        {
            observer.OnStep(step);
        }

        if (happened.Epoch is { } epoch)
        {
            _last = epoch;
            observer.OnEpoch(epoch);
        }

        if (happened.Workers is { } workers)
        {
            observer.OnWorkers(workers);
        }

        if (happened.Notice is { } notice)
        {
            observer.OnNotice(notice);
        }

        Result = happened.Result ?? Result;
    }

    private void Start(JobStarted started)
    {
        JobSpec job;
        try
        {
            job = JobReader.Read(started.JobJson, "job.json", [], started.Workers);
        }
        catch (UserFaultException fault)
        {
            throw new RunFaultException(
                $"the coordinator is of another version: {fault.Problems[0]}", fault);
        }

        observer.OnStarted(new RunStarted(
            job, started.Workers, started.StepsPerEpoch, started.TrainingSamples, started.ValidationSamples,
            started.Parameters, started.Engine, started.ResumedAt));
    }
}

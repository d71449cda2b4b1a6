using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Runs;

namespace DistTrain.Cli.Training;

/// <summary>
/// Works out the job that will run: from a file, flags and the machine, or from the run to go on with.
/// </summary>
internal static class EffectiveJob
{
    /// <summary>More workers than this, unasked, would leave each too little of a common batch.</summary>
    private const int MostWorkersByDefault = 8;

    private const string Stored = "job.json";

    /// <summary>The job of a new run.</summary>
    public static JobSpec ForNewRun(TrainRequest request, Action<string> warn)
    {
        string? text = request.JobFile is { } path ? TextFile.Read(path, "job file") : null;
        JobSpec job = JobReader.Read(
            text, request.JobFile is null ? null : Path.GetFileName(request.JobFile), request.Overrides,
            DefaultWorkers(), warn);
        return WithFullPaths(job, request.JobFile);
    }

    /// <summary>
    /// The job of a run that goes on: its own, but for what changes no bits (workers, checkpoints, more
    /// epochs where the schedule does not look at the end).
    /// </summary>
    public static JobSpec ForResume(RunDirectory run, TrainRequest request, Action<string> warn)
    {
        if (request.JobFile is not null)
        {
            throw new UserFaultException(
                $"{request.JobFile}: a resumed run has its job already, {run.JobPath}; leave the file out");
        }
        string text = run.ReadJob();
        JobSpec stored = JobReader.Read(text, Stored, [], DefaultWorkers());
        // What could be said about the stored job was said when the run began.
        JobSpec job = JobReader.Read(text, Stored, request.Overrides, DefaultWorkers(), warning =>
        {
            if (!warning.StartsWith(Stored, StringComparison.Ordinal))
            {
                warn(warning);
            }
        });
        IReadOnlyList<JobDifference> differences = JobIdentity.Differences(stored, job);
        return differences.Count == 0
            ? job
            : throw new UserFaultException([.. differences.Select(difference =>
                $"{difference}: a resumed run cannot change this; start a new one")]);
    }

    private static int DefaultWorkers() => Math.Min(Environment.ProcessorCount, MostWorkersByDefault);

    /// <summary>A path that leads nowhere from here may be meant from where the job file lies.</summary>
    public static JobSpec WithFullPaths(JobSpec job, string? jobFile)
    {
        string? folder = jobFile is null ? null : Path.GetDirectoryName(Path.GetFullPath(jobFile));
        return job with
        {
            Dataset = job.Dataset with
            {
                Path = Full(job.Dataset.Path),
                TestPath = Full(job.Dataset.TestPath),
            },
            Model = job.Model with
            {
                TorchScript = Full(job.Model.TorchScript),
                Assembly = Full(job.Model.Assembly),
            },
        };

        string? Full(string? path)
        {
            if (path is null)
            {
                return null;
            }
            string beside = Path.GetFullPath(path, folder ?? Directory.GetCurrentDirectory());
            return !Path.Exists(path) && Path.Exists(beside) ? beside : Path.GetFullPath(path);
        }
    }
}

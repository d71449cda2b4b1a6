using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Jobs;
using DistTrain.Runs;

namespace DistTrain.Cluster.Store;

/// <summary>
/// The jobs of a state directory. A job comes into being in two steps, each durable: its folder with the
/// effective job (<see cref="Create"/>), then its record (<see cref="Save"/>), which is what makes it a job.
/// A folder without a record is what a crash between the two left behind: nobody was ever told of it.
/// May be used from any thread.
/// </summary>
public sealed class JobStore(StateDirectory state, TimeProvider time)
{
    private const string RecordName = "record.json";

    private readonly Lock _gate = new();
    private readonly Dictionary<JobId, StoredJob> _jobs = [];

    /// <summary>Makes the folder of a new job and stores the effective job in it.</summary>
    /// <exception cref="DistTrainException">It cannot be written.</exception>
    public StoredJob Create(JobSpec job)
    {
        RunDirectory directory = RunDirectory.Create(state.JobsPath, job.Name);
        directory.WriteJob(JobWriter.Write(job));
        var stored = new StoredJob(
            directory, job, Record: null, new JobTimes(time.GetUtcNow(), Started: null, Ended: null));
        lock (_gate)
        {
            _jobs.Add(stored.Id, stored);
        }

        return stored;
    }

    /// <summary>
    /// Stores a job's record; it is on the disk when this returns. The first record that is running dates the
    /// start, the first that is finished the end.
    /// </summary>
    /// <exception cref="RunFaultException">It cannot be written; the former record holds.</exception>
    public StoredJob Save(JobRecord record)
    {
        lock (_gate)
        {
            StoredJob stored = _jobs[record.Id];
            DateTimeOffset now = time.GetUtcNow();
            JobTimes times = stored.Times with
            {
                Started = stored.Times.Started ?? (record.State == JobState.Running ? now : null),
                Ended = record.IsFinished ? stored.Times.Ended ?? now : null,
            };
            StateFile.Write(
                Path.Combine(stored.Directory.RootPath, RecordName), StoredRecord.Of(record, times));
            return _jobs[record.Id] = stored with { Record = record, Times = times };
        }
    }

    /// <summary>As last created, saved or loaded; null: no such job.</summary>
    public StoredJob? Find(JobId id)
    {
        lock (_gate)
        {
            return _jobs.GetValueOrDefault(id);
        }
    }

    /// <summary>Reads every job of the directory; to be called once, at the start.</summary>
    /// <exception cref="UserFaultException">A record or a job is damaged; every such file is
    /// named.</exception>
    public LoadedJobs LoadAll()
    {
        var jobs = new List<StoredJob>();
        var warnings = new List<string>();
        var problems = new List<string>();
        foreach (string folder in Directory.EnumerateDirectories(state.JobsPath).Order(StringComparer.Ordinal))
        {
            try
            {
                if (Load(folder) is { } stored)
                {
                    jobs.Add(stored);
                }
                else
                {
                    warnings.Add(
                        $"{folder}: its submission was cut short before it had a {RecordName}; it is not a job");
                }
            }
            catch (UserFaultException e)
            {
                problems.AddRange(e.Problems);
            }
        }

        if (problems.Count > 0)
        {
            throw new UserFaultException(problems);
        }

        lock (_gate)
        {
            jobs.ForEach(job => _jobs.Add(job.Id, job));
        }

        return new LoadedJobs([.. jobs.OrderBy(job => job.Record!.Order)], warnings);
    }

    /// <summary>null: the folder has no record.</summary>
    private static StoredJob? Load(string folder)
    {
        string path = Path.Combine(folder, RecordName);
        if (StateFile.Read<StoredRecord>(path) is not { } record)
        {
            return null;
        }

        if (record.Format > StoredRecord.CurrentFormat)
        {
            throw new UserFaultException(
                $"{path}: it was written by a newer version (format {record.Format}); start that version");
        }

        RunDirectory directory = RunDirectory.Open(folder);
        if (record.Id != directory.Name)
        {
            throw new UserFaultException(
                $"{path}: it is the record of job {record.Id}, not of {directory.Name}; "
                + "give the folder the name of its job again");
        }

        // An effective job leaves nothing open, so how many workers there might be has no say in it.
        JobSpec job = JobReader.Read(directory.ReadJob(), directory.JobPath, [], workers: 1);
        return new StoredJob(directory, job, record.ToRecord(), record.Times);
    }
}

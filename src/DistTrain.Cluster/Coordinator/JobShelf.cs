using System.Collections.Concurrent;
using System.Text.Json;
using DistTrain.Api;
using DistTrain.Cluster.Store;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.Observation;
using DistTrain.Runs.Summaries;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// Every job the coordinator knows: its record on disk, its events, and how far it is. The last event of a
/// job is its result, told once its record says that it is finished.
/// </summary>
internal sealed class JobShelf(
    JobStore store, TimeProvider time, Action<string> warn, Action<JobId, JobEvent>? told = null)
    : IAsyncDisposable
{
    private readonly ConcurrentDictionary<JobId, Entry> _entries = new();

    /// <exception cref="RunFaultException">It cannot be written.</exception>
    public StoredJob Create(JobSpec job)
    {
        StoredJob stored = store.Create(job);
        Open(stored);
        return stored;
    }

    /// <summary>Takes up what is on disk; to be called once, at the start.</summary>
    public IReadOnlyList<JobRecord> LoadAll()
    {
        LoadedJobs loaded = store.LoadAll();
        foreach (string warning in loaded.Warnings)
        {
            warn(warning);
        }
        foreach (StoredJob job in loaded.Jobs)
        {
            Open(job);
            if (job.Record is { IsFinished: true } record && !JournalOf(job.Id).IsFinished)
            {
                // The process ended between the record and its telling.
                JournalOf(job.Id).OnResult(ResultOf(job)!);
            }
        }
        return [.. loaded.Jobs.Select(job => job.Record).OfType<JobRecord>()];
    }

    public StoredJob Find(JobId id)
        => store.Find(id) ?? throw new InvalidOperationException($"there is no job {id}");

    public StoredJob? TryFind(string id) => store.Find(new JobId(id));

    public IRunObserver ObserverOf(JobId id) => _entries[id].Observer;

    public JobProgress ProgressOf(JobId id) => _entries[id].Progress;

    public JobJournal JournalOf(JobId id) => _entries[id].Journal;

    /// <summary>Writes a record, then tells the change.</summary>
    /// <returns>Whether the job's state has changed.</returns>
    /// <exception cref="RunFaultException">It cannot be written.</exception>
    public bool Save(JobRecord record)
    {
        Entry entry = _entries[record.Id];
        JobState? before = store.Find(record.Id)?.Record?.State;
        StoredJob stored = store.Save(record);
        if (before != record.State)
        {
            entry.Journal.OnStateChanged(record.State, record.Reason);
        }
        if (record.IsFinished && !entry.Journal.IsFinished)
        {
            entry.Journal.OnResult(entry.Result ?? Unrun(stored, record));
        }
        return before != record.State;
    }

    /// <summary>A run of the job is over and left this; its steps are in its file now.</summary>
    public void Close(JobId id, string result)
    {
        _entries[id].Result = result;
        ProgressOf(id).Trace.Clear();
    }

    /// <summary>
    /// The steps so far: of the attempt under way from memory, of earlier ones from the file.
    /// </summary>
    public StepCurve StepsOf(StoredJob stored, int points)
    {
        IReadOnlyList<StepMetrics> now = ProgressOf(stored.Id).Trace.Steps;
        string path = stored.Directory.MetricsPath;
        if (now is [{ Step: 0 }, ..] || !File.Exists(path))
        {
            return StepCurve.Of(StepTrace.Thin(now, points));
        }

        long first = now is [var begun, ..] ? begun.Step : long.MaxValue;
        IEnumerable<StepMetrics> before = MetricsReader.ReadSteps(path, StepTrace.Most)
            .TakeWhile(step => step.Step < first);
        return StepCurve.Of(StepTrace.Thin([.. before, .. now], points));
    }

    public JobView ViewOf(StoredJob stored, JobRecord record, IReadOnlyList<string> workers)
    {
        var view = new JobView
        {
            Id = record.Id.Name,
            Name = stored.Job.Name,
            State = record.State,
            Reason = record.Reason,
            Submitted = stored.Times.Submitted,
            Started = stored.Times.Started,
            Ended = stored.Times.Ended,
            Attempt = record.Attempt,
            MinWorkers = record.MinWorkers,
            MaxWorkers = record.MaxWorkers,
            Workers = workers,
            Epochs = stored.Job.Epochs,
        };
        view = ProgressOf(record.Id).Fill(view);
        return record.IsFinished ? WithResult(view, stored) : view;
    }

    /// <summary>The result object on one line; null: the job is not finished.</summary>
    public string? ResultOf(StoredJob stored)
    {
        if (stored.Record is not { IsFinished: true } record)
        {
            return null;
        }
        if (_entries[record.Id].Result is { } kept)
        {
            return kept;
        }
        string path = stored.Directory.SummaryPath;
        string result = File.Exists(path)
            ? JsonSerializer.Serialize(JsonDocument.Parse(File.ReadAllBytes(path)).RootElement)
            : Unrun(stored, record);
        return _entries[record.Id].Result = result;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Entry entry in _entries.Values)
        {
            await entry.Journal.DisposeAsync();
        }
    }

    private void Open(StoredJob stored)
    {
        var journal = JobJournal.Open(
            stored.EventsPath, time, warn,
            told is null ? null : happened => told(stored.Id, happened));
        _entries[stored.Id] = new Entry(journal, new JobProgress());
    }

    private JobView WithResult(JobView view, StoredJob stored)
    {
        using JsonDocument result = JsonDocument.Parse(ResultOf(stored)!);
        JsonElement root = result.RootElement;
        return view with
        {
            Step = root.GetProperty("steps").GetInt64(),
            Epoch = root.GetProperty("epochs").GetInt32(),
            WeightsSha256 = root.GetProperty("weightsSha256").GetString(),
        };
    }

    /// <summary>The result of a job that ended without a run of its own to tell it.</summary>
    private static string Unrun(StoredJob stored, JobRecord record)
    {
        bool failed = record.State == JobState.Failed;
        return SummaryWriter.ToLine(new RunSummary
        {
            Status = failed ? RunStatus.Failed : RunStatus.Interrupted,
            Epochs = 0,
            Steps = 0,
            SamplesPerSecond = 0,
            Seconds = 0,
            RunDirectory = stored.Directory.RootPath,
            Error = failed ? record.Reason : null,
        });
    }

    private sealed class Entry(JobJournal journal, JobProgress progress)
    {
        public JobJournal Journal { get; } = journal;

        public JobProgress Progress { get; } = progress;

        public IRunObserver Observer { get; } = new ObserverList(journal, progress);

        public string? Result { get; set; }
    }
}

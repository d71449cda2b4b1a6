using System.Runtime.CompilerServices;
using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Cluster.Store;

/// <summary>
/// What happened to one job: numbered, told to whoever watches, and kept in events.jsonl, all but steps
/// (metrics.jsonl has them) and paces. As an observer it is called from a mailbox, so nothing here waits for
/// a watcher or a disk: watchers have buffers of their own, and a writer of its own brings events to the
/// file.
/// <para>Flushing: an event is with the system as soon as the writer gets to it, so a killed process loses at
/// most what happened in its last moment; starts, states and results are flushed to the disk besides.
/// <see cref="FlushAsync"/> waits for all of it. A file that cannot be written is said once, and tried again
/// with every event; meanwhile events wait in memory, and past <see cref="MostPending"/> of them notices and
/// evaluations are told but not kept.</para>
/// <para>Numbers: a number once told never comes again, although the steps between kept events leave no
/// trace. So each time the journal of an unfinished job is opened, numbering goes on at the next multiple of
/// <see cref="NumbersPerStart"/>, which is written to the file before anything is numbered by it.</para>
/// </summary>
public sealed class JobJournal : IRunObserver, IAsyncDisposable
{
    /// <summary>Events a watcher may lag behind before steps are dropped for it.</summary>
    internal const int WatcherCapacity = 1024;

    internal const int MostPending = 4096;
    internal const long NumbersPerStart = 10_000_000_000;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly List<EventBuffer> _watchers = [];
    private readonly Action<JobEvent>? _told;

    /// <summary>null: the job was finished when the journal was opened.</summary>
    private readonly JournalWriter? _writer;

    private readonly long _lengthWhenOpened;
    private long _last;
    private bool _closed;

    private JobJournal(
        string path, EventFileContent content, JournalWriter? writer, TimeProvider time,
        Action<JobEvent>? told)
    {
        (_path, _writer, _time, _told) = (path, writer, time, told);
        (_lengthWhenOpened, IsFinished) = (content.Length, content.IsFinished);
        _last = LastNumberBefore(content);
    }

    /// <summary>The job's result has been told; nothing is added any more.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>
    /// Opens a job's journal, which may be absent. That of a finished job is only read, and holds no handle.
    /// </summary>
    /// <param name="path">events.jsonl.</param>
    /// <param name="time">Dates the events.</param>
    /// <param name="warn">Is told, once until it works again, when the file cannot be written.</param>
    /// <param name="told">Hears every event as it happens, under the journal's lock; null: nobody.</param>
    /// <exception cref="DistTrainException">It is damaged, or cannot be read or written.</exception>
    public static JobJournal Open(
        string path, TimeProvider time, Action<string> warn, Action<JobEvent>? told = null)
    {
        EventFileContent content = EventFile.Inspect(path);
        if (content.IsFinished)
        {
            return new JobJournal(path, content, writer: null, time, told);
        }

        EventFile file = EventFile.Append(path, content.Length);
        try
        {
            // An event without a part: no news, but it holds the number from which this start counts.
            file.Write([new JobEvent(LastNumberBefore(content), time.GetUtcNow())], durably: true);
            return new JobJournal(path, content, new JournalWriter(file, warn), time, told);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void OnStateChanged(JobState state, string? reason)
        => Add(new JobEvent(0, default) { State = new JobStateChange(state, reason) });

    /// <summary>
    /// The job's last event: every watcher ends after it, and whatever comes later is not taken.
    /// </summary>
    /// <param name="resultJson">The result object, one line of JSON.</param>
    public void OnResult(string resultJson) => Add(new JobEvent(0, default) { Result = resultJson });

    public void OnStarted(RunStarted run) => Add(new JobEvent(0, default)
    {
        Started = new JobStarted(
            JobWriter.Write(run.Job), run.Workers, run.StepsPerEpoch, run.TrainingSamples,
            run.ValidationSamples, run.Parameters, run.Engine, run.ResumedAt),
    });

    /// <summary>The hot one: without a watcher it counts and is done.</summary>
    public void OnStep(StepMetrics step)
    {
        lock (_gate)
        {
            if (IsFinished || _closed)
            {
                return;
            }

            _last++;
            if (_watchers.Count > 0 || _told is not null)
            {
                Tell(new JobEvent(_last, _time.GetUtcNow()) { Step = step });
            }
        }
    }

    public void OnEvaluating(int epoch, string split)
        => Add(new JobEvent(0, default) { Evaluating = new JobEvaluating(epoch, split) });

    public void OnEpoch(EpochMetrics epoch) => Add(new JobEvent(0, default) { Epoch = epoch });

    public void OnValidation(ValidationPoint validation)
        => Add(new JobEvent(0, default) { Validation = validation });

    public void OnWorkers(IReadOnlyList<WorkerPace> workers)
        => Add(new JobEvent(0, default) { Workers = workers });

    public void OnNotice(string text) => Add(new JobEvent(0, default) { Notice = text });

    /// <summary>
    /// The kept events after a number, then all as they happen, without a gap and none twice. Ends after the
    /// job's result, or when the journal is closed. A reader who falls behind loses steps and nothing else
    /// that is kept: when its buffer cannot hold the rest it is sent to the file for it.
    /// </summary>
    public async IAsyncEnumerable<JobEvent> WatchAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        long seen = after;
        while (true)
        {
            (EventBuffer buffer, long length, JobEvent[] pending, bool isOver) = Subscribe();
            try
            {
                foreach (JobEvent kept in EventFile.Read(_path, length).Concat(pending))
                {
                    if (kept.Sequence > seen && !IsStartMark(kept))
                    {
                        cancellation.ThrowIfCancellationRequested();
                        seen = kept.Sequence;
                        yield return kept;
                    }
                }

                if (isOver)
                {
                    yield break;
                }

                while (await buffer.TakeAsync(cancellation) is { Count: > 0 } batch)
                {
                    foreach (JobEvent happened in batch.Where(happened => happened.Sequence > seen))
                    {
                        seen = happened.Sequence;
                        yield return happened;
                    }
                }
            }
            finally
            {
                Unsubscribe(buffer);
            }

            if (!buffer.IsOverrun)
            {
                yield break;
            }
        }
    }

    /// <summary>Returns when all that was added so far is on the disk.</summary>
    /// <exception cref="RunFaultException">It cannot be written.</exception>
    public Task FlushAsync()
        => _writer is null ? Task.CompletedTask : Task.Run(() => _writer.WritePending(durably: true));

    /// <summary>Ends the watchers, and writes what can be written.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            _watchers.ForEach(watcher => watcher.Complete());
        }

        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }
    }

    /// <summary>What this start counts on from.</summary>
    private static long LastNumberBefore(EventFileContent content)
        => content.Length == 0 ? 0 : ((content.Highest / NumbersPerStart) + 1) * NumbersPerStart;

    private static bool IsStartMark(JobEvent kept) => kept is
    {
        State: null, Started: null, Evaluating: null, Epoch: null, Validation: null, Workers: null,
        Notice: null, Result: null,
    };

    private void Add(JobEvent part)
    {
        lock (_gate)
        {
            if (IsFinished || _closed)
            {
                return;
            }

            JobEvent happened = part with { Sequence = ++_last, Time = _time.GetUtcNow() };
            if (IsKept(happened))
            {
                _writer!.Enqueue(happened);
            }

            Tell(happened);
            if (happened.Result is not null)
            {
                IsFinished = true;
                _watchers.ForEach(watcher => watcher.Complete());
            }
        }
    }

    private bool IsKept(JobEvent happened) => happened.Workers is null
        && (_writer!.PendingCount < MostPending || (happened.Notice is null && happened.Evaluating is null));

    private void Tell(JobEvent happened)
    {
        _told?.Invoke(happened);
        foreach (EventBuffer watcher in _watchers)
        {
            watcher.Add(happened);
        }
    }

    private (EventBuffer Buffer, long Length, JobEvent[] Pending, bool IsOver) Subscribe()
    {
        var buffer = new EventBuffer(WatcherCapacity);
        lock (_gate)
        {
            bool isOver = IsFinished || _closed;
            if (!isOver)
            {
                _watchers.Add(buffer);
            }

            (long length, JobEvent[] pending) = _writer?.Snapshot() ?? (_lengthWhenOpened, []);
            return (buffer, length, pending, isOver);
        }
    }

    private void Unsubscribe(EventBuffer buffer)
    {
        lock (_gate)
        {
            _watchers.Remove(buffer);
        }
    }
}

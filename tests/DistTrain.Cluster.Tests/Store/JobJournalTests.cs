using DistTrain.Api;
using DistTrain.Cluster.Store;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Tests.Store;

public sealed class JobJournalTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _clock = new(Noon);

    public void Dispose() => _folder.Dispose();

    private string FilePath => _folder.PathOf("events.jsonl");

    private JobJournal Open() => JobJournal.Open(FilePath, _clock, line => throw new InvalidOperationException(line));

    private static StepMetrics Step(long number)
        => new(number, 1, 0.5, 0.5, 0.1, 64, 1, Skipped: false, TimeSpan.FromMilliseconds(3));

    private static EpochMetrics Epoch(int number) => new(
        number, number * 10, new EvaluationMetrics(double.NaN, null, 640), new EvaluationMetrics(0.4, 0.9, 64),
        0.1, TimeSpan.FromSeconds(1.25), 512, Improved: true);

    /// <summary>An epoch with two steps.</summary>
    private static void Play(JobJournal journal, int epoch)
    {
        journal.OnStep(Step(epoch * 2));
        journal.OnStep(Step(epoch * 2 + 1));
        journal.OnEvaluating(epoch, "validation");
        journal.OnWorkers([new WorkerPace("w", 4, TimeSpan.FromMilliseconds(5), 100, IsSlow: false)]);
        journal.OnEpoch(Epoch(epoch));
        journal.OnNotice($"saved {epoch}");
    }

    private static async Task<List<JobEvent>> All(IAsyncEnumerable<JobEvent> events, int most = int.MaxValue)
    {
        var all = new List<JobEvent>();
        using var patience = new CancellationTokenSource(Patience);
        await foreach (JobEvent happened in events.WithCancellation(patience.Token))
        {
            all.Add(happened);
            if (all.Count == most)
            {
                break;
            }
        }

        return all;
    }

    [Fact]
    public async Task A_watcher_sees_everything_live_and_the_file_keeps_all_but_steps_and_paces()
    {
        List<JobEvent> live;
        await using (JobJournal journal = Open())
        {
            IAsyncEnumerator<JobEvent> watcher = journal.WatchAsync(0).GetAsyncEnumerator();
            ValueTask<bool> first = watcher.MoveNextAsync(); // has subscribed when it returns
            journal.OnStarted(new RunStarted(JobStoreTests.Job(), 2, 10, 640, 64, 1000, "none", null));
            journal.OnStateChanged(JobState.Running, null);
            Play(journal, 1);
            journal.OnStateChanged(JobState.Completed, "all epochs done");
            journal.OnResult("""{"status":"completed"}""");
            live = [];
            for (bool more = await first; more; more = await watcher.MoveNextAsync())
            {
                live.Add(watcher.Current);
            }

            await watcher.DisposeAsync();
        }

        live.Select(happened => happened.Sequence).ShouldBe(Enumerable.Range(1, 10).Select(i => (long)i));
        live.ShouldAllBe(happened => happened.Time == Noon);
        await using JobJournal again = Open();
        List<JobEvent> kept = await All(again.WatchAsync(0));
        kept.Select(happened => happened.Sequence).ShouldBe([1L, 2, 5, 7, 8, 9, 10]);
        kept[3].Epoch.ShouldBe(Epoch(1));
        kept[^1].Result.ShouldBe("""{"status":"completed"}""");
        again.IsFinished.ShouldBeTrue();
    }

    [Fact]
    public async Task A_watcher_that_comes_at_any_moment_sees_no_gap_and_nothing_twice()
    {
        await using JobJournal journal = Open();
        var watchers = new List<Task<List<JobEvent>>>();
        for (int epoch = 1; epoch <= 60; epoch++)
        {
            // Some while the writer is at work, some after it.
            if (epoch % 7 == 0)
            {
                await journal.FlushAsync();
            }

            watchers.Add(Task.Run(() => All(journal.WatchAsync(0))));
            Play(journal, epoch);
        }

        journal.OnResult("{}");
        List<JobEvent> whole = await All(journal.WatchAsync(0));
        whole.Count.ShouldBe(60 * 3 + 1);
        foreach (List<JobEvent> seen in await Task.WhenAll(watchers).WaitAsync(Patience))
        {
            seen.Select(happened => happened.Sequence).ShouldBe(seen.Select(e => e.Sequence).Distinct().Order());
            seen.Where(happened => happened.Step is null && happened.Workers is null)
                .Select(happened => happened.Sequence).ShouldBe(whole.Select(happened => happened.Sequence));
        }
    }

    [Fact]
    public async Task Every_place_to_go_on_from_gives_the_rest_and_only_that()
    {
        await using JobJournal journal = Open();
        Play(journal, 1);
        Play(journal, 2);
        journal.OnResult("{}");
        long[] kept = [.. (await All(journal.WatchAsync(0))).Select(happened => happened.Sequence)];
        for (long after = 0; after <= kept[^1] + 1; after++)
        {
            (await All(journal.WatchAsync(after))).Select(happened => happened.Sequence)
                .ShouldBe(kept.Where(sequence => sequence > after));
        }
    }

    [Fact]
    public async Task No_number_comes_twice_across_restarts_although_steps_leave_no_trace()
    {
        long last = 0;
        for (int start = 0; start < 3; start++)
        {
            await using JobJournal journal = Open();
            IAsyncEnumerator<JobEvent> watcher = journal.WatchAsync(last).GetAsyncEnumerator();
            ValueTask<bool> next = watcher.MoveNextAsync();
            journal.OnStateChanged(JobState.Running, null);
            for (int i = 0; i < 100; i++)
            {
                journal.OnStep(Step(i));
            }

            for (int i = 0; i < 101; i++, next = watcher.MoveNextAsync())
            {
                (await next).ShouldBeTrue();
                watcher.Current.Sequence.ShouldBeGreaterThan(last);
                last = watcher.Current.Sequence;
            }

            await journal.DisposeAsync();
            (await next).ShouldBeFalse();
            await watcher.DisposeAsync();
        }

        last.ShouldBe(2 * JobJournal.NumbersPerStart + 101);
    }

    [Fact]
    public async Task A_file_torn_at_any_byte_gives_its_whole_lines_and_takes_new_ones()
    {
        await using (JobJournal journal = Open())
        {
            journal.OnStateChanged(JobState.Running, "é – not ASCII");
            Play(journal, 1);
        }

        byte[] whole = File.ReadAllBytes(FilePath);
        for (int length = 0; length <= whole.Length; length++)
        {
            File.WriteAllBytes(FilePath, whole[..length]);
            int lines = whole.AsSpan(0, length).Count((byte)'\n');
            await using JobJournal journal = Open();
            journal.OnNotice("again");
            List<JobEvent> seen = await All(journal.WatchAsync(0), Math.Max(1, lines));
            seen.Count.ShouldBe(Math.Max(1, lines)); // the start's mark is a line and no event
            seen[^1].Notice.ShouldBe("again");
            await journal.FlushAsync();
            File.ReadAllBytes(FilePath).AsSpan().Count((byte)'\n').ShouldBe(lines + 2);
        }
    }

    [Fact]
    public async Task A_result_torn_off_leaves_a_job_that_is_not_finished()
    {
        await using (JobJournal journal = Open())
        {
            journal.OnResult("{}");
        }

        byte[] whole = File.ReadAllBytes(FilePath);
        File.WriteAllBytes(FilePath, whole[..^1]);
        await using JobJournal again = Open();
        again.IsFinished.ShouldBeFalse();
        again.OnResult("{}");
        (await All(again.WatchAsync(0))).ShouldHaveSingleItem().Result.ShouldBe("{}");
    }

    [Fact]
    public async Task A_line_damaged_before_whole_ones_is_a_fault_with_its_place()
    {
        await using (JobJournal journal = Open())
        {
            Play(journal, 1);
        }

        string[] lines = File.ReadAllLines(FilePath);
        lines[1] = lines[1][..^5];
        File.WriteAllLines(FilePath, lines);
        Should.Throw<UserFaultException>(Open).Message.ShouldContain($"{FilePath}:2");
    }

    [Fact]
    public async Task A_slow_watcher_loses_steps_and_nothing_else()
    {
        await using JobJournal journal = Open();
        IAsyncEnumerator<JobEvent> watcher = journal.WatchAsync(0).GetAsyncEnumerator();
        ValueTask<bool> next = watcher.MoveNextAsync();
        for (int i = 1; i <= 10_000; i++)
        {
            journal.OnStep(Step(i));
            if (i % 100 == 0)
            {
                journal.OnNotice($"notice {i}");
            }
        }

        journal.OnResult("{}");
        int notices = 0, steps = 0;
        while (await next)
        {
            notices += watcher.Current.Notice is null ? 0 : 1;
            steps += watcher.Current.Step is null ? 0 : 1;
            next = watcher.MoveNextAsync();
        }

        await watcher.DisposeAsync();
        notices.ShouldBe(100);
        steps.ShouldBeLessThanOrEqualTo(2 * JobJournal.WatcherCapacity);
        steps.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_watcher_too_slow_even_for_the_rest_reads_it_from_the_file()
    {
        await using JobJournal journal = Open();
        IAsyncEnumerator<JobEvent> watcher = journal.WatchAsync(0).GetAsyncEnumerator();
        ValueTask<bool> next = watcher.MoveNextAsync();
        journal.OnNotice("notice 0");
        (await next).ShouldBeTrue();
        int count = 2 * JobJournal.WatcherCapacity;
        for (int i = 1; i <= count; i++)
        {
            journal.OnNotice($"notice {i}");
        }

        journal.OnResult("{}");
        for (int i = 1; i <= count; i++)
        {
            (await watcher.MoveNextAsync()).ShouldBeTrue();
            watcher.Current.Notice.ShouldBe($"notice {i}");
        }

        (await watcher.MoveNextAsync()).ShouldBeTrue();
        watcher.Current.Result.ShouldBe("{}");
        (await watcher.MoveNextAsync()).ShouldBeFalse();
        await watcher.DisposeAsync();
    }

    [SkippableFact]
    public async Task A_file_that_cannot_be_written_is_said_once_and_costs_no_watcher_anything()
    {
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/dev/full"), "needs /dev/full");
        var said = new List<string>();
        await using var writer = new JournalWriter(EventFile.Append("/dev/full", 0), said.Add);
        writer.Enqueue(new JobEvent(1, Noon) { Notice = "one" });
        Should.Throw<RunFaultException>(() => writer.WritePending(durably: false));
        writer.Enqueue(new JobEvent(2, Noon) { Notice = "two" });
        Should.Throw<RunFaultException>(() => writer.WritePending(durably: false));
        writer.Snapshot().Pending.Select(happened => happened.Notice).ShouldBe(["one", "two"]);
        await writer.DisposeAsync();
        said.ShouldHaveSingleItem().ShouldContain("/dev/full");
    }

    [Fact]
    public async Task Without_a_watcher_a_step_allocates_nothing()
    {
        await using JobJournal journal = Open();
        StepMetrics step = Step(1);
        journal.OnStep(step);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10_000; i++)
        {
            journal.OnStep(step);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    [Fact]
    public async Task After_the_result_nothing_is_taken_and_a_finished_journal_is_only_read()
    {
        await using (JobJournal journal = Open())
        {
            journal.OnResult("{}");
            journal.OnNotice("too late");
            journal.OnStep(Step(1));
        }

        byte[] whole = File.ReadAllBytes(FilePath);
        await using (JobJournal again = Open())
        {
            again.OnNotice("too late");
            (await All(again.WatchAsync(0))).ShouldHaveSingleItem().Result.ShouldBe("{}");
            (await All(again.WatchAsync(1))).ShouldBeEmpty();
        }

        File.ReadAllBytes(FilePath).ShouldBe(whole);
    }
}

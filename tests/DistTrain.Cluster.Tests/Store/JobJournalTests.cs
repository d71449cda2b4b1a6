using DistTrain.Api;
using DistTrain.Cluster.Store;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Tests.Store;

/// <summary>What those see who watch.</summary>
public sealed class JobJournalTests : JournalTest
{
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
            seen.Select(happened => happened.Sequence)
                .ShouldBe(seen.Select(happened => happened.Sequence).Distinct().Order());
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
}

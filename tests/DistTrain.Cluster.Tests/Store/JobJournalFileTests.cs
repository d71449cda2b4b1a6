using DistTrain.Api;
using DistTrain.Cluster.Store;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Tests.Store;

/// <summary>What stands in the file, and what becomes of one that was torn.</summary>
public sealed class JobJournalFileTests : JournalTest
{
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

using System.Text.Json;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Runs.Tests.Fixtures;
using DistTrain.Runs.Timeline;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Runs.Tests.Timeline;

public sealed class TimelineLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string LogPath => _folder["timeline.bin"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Steps_and_what_lay_between_them_come_back_as_they_were()
    {
        using (TimelineLog log = TimelineLog.Create(LogPath))
        {
            Write(log, 0, 150);
            log.Write(TimelinePhaseKind.Evaluation, 150, FakeTimes.BeginOf(150), FakeTimes.Ms(12));
            log.Write(TimelinePhaseKind.Checkpoint, 150, FakeTimes.BeginOf(151), FakeTimes.Ms(7));
            log.Write(FakeTimes.Step(150, skipped: true), FakeTimes.BeginOf(152));
        }

        TimelineRecord record = Read();
        record.Stride.ShouldBe(1);
        record.Steps.Select(step => step.Step).ShouldBe(Enumerable.Range(0, 151).Select(i => (long)i));
        TimelineStep last = record.Steps[^1];
        StepMetrics wrote = FakeTimes.Step(150, skipped: true);
        (last.Epoch, last.Samples, last.Loss, last.Skipped).ShouldBe((2, 64, (float)wrote.Loss, true));
        last.Begin.ShouldBe(FakeTimes.Start + FakeTimes.Ms(100) * 152);
        Shown(last.Times with { Begin = wrote.Times!.Begin }).ShouldBe(Shown(wrote.Times));
        record.Phases.ShouldBe([
            new(TimelinePhaseKind.Evaluation, 150, FakeTimes.Start + FakeTimes.Ms(15_000), FakeTimes.Ms(12)),
            new(TimelinePhaseKind.Checkpoint, 150, FakeTimes.Start + FakeTimes.Ms(15_100), FakeTimes.Ms(7)),
        ]);
    }

    [Fact]
    public void A_file_cut_at_any_byte_is_read_as_far_as_it_is_whole_and_gone_on_with()
    {
        using (TimelineLog log = TimelineLog.Create(LogPath))
        {
            Write(log, 0, 70);
        }

        byte[] whole = File.ReadAllBytes(LogPath);
        int readable = 0;
        for (int length = 0; length <= whole.Length; length += length < 400 ? 1 : 7)
        {
            byte[] part = whole[..length];
            int before = readable;
            readable = length < TimelineFormat.HeadBytes ? 0 : ReadBytes(part).Steps.Count;
            readable.ShouldBeGreaterThanOrEqualTo(before);
            File.WriteAllBytes(LogPath, part);
            using (TimelineLog log = TimelineLog.Open(LogPath))
            {
                Write(log, 500, 501);
            }

            Read().Steps.Select(step => step.Step)
                .ShouldBe(Enumerable.Range(0, readable).Select(i => (long)i).Append(500));
        }

        readable.ShouldBeGreaterThan(60);
        ReadBytes(whole).Steps.Count.ShouldBe(70);
    }

    [Fact]
    public void A_byte_that_changed_ends_what_is_read_and_never_more_than_that()
    {
        using (TimelineLog log = TimelineLog.Create(LogPath))
        {
            Write(log, 0, 30);
        }

        byte[] whole = File.ReadAllBytes(LogPath);
        for (int i = TimelineFormat.HeadBytes; i < whole.Length; i += 3)
        {
            byte[] changed = [.. whole];
            changed[i] ^= 0x10;
            ReadBytes(changed).Steps.Count.ShouldBeLessThan(30);
        }
    }

    [Fact]
    public void A_long_run_stays_within_its_bound_and_keeps_whole_blocks_spread_over_all_of_it()
    {
        const int Bound = 20_000, Steps = 20_000;
        using (TimelineLog log = TimelineLog.Create(LogPath, Bound))
        {
            for (int step = 0; step < Steps; step++)
            {
                log.Write(FakeTimes.Step(step), FakeTimes.BeginOf(step));
                new FileInfo(LogPath).Length.ShouldBeLessThanOrEqualTo(Bound);
            }
        }

        TimelineRecord record = Read();
        record.Stride.ShouldBeGreaterThan(1);
        new FileInfo(LogPath).Length.ShouldBeGreaterThan(Bound / 4);
        long[] blocks = [.. record.Steps.Select(step => step.Step / TimelineFormat.BlockSteps).Distinct()];
        blocks.ShouldBe(Enumerable.Range(0, blocks.Length).Select(i => (long)i * record.Stride));
        blocks[^1].ShouldBeGreaterThan(Steps / TimelineFormat.BlockSteps - 2 * record.Stride);
        record.Steps.Count.ShouldBeGreaterThanOrEqualTo((blocks.Length - 1) * TimelineFormat.BlockSteps);
    }

    [Fact]
    public void A_run_resumed_over_and_over_in_one_block_stays_within_its_bound()
    {
        for (int attempt = 0; attempt < 60; attempt++)
        {
            using TimelineLog log = TimelineLog.Open(LogPath, mostBytes: 10_000);
            Write(log, 0, 40);
        }

        new FileInfo(LogPath).Length.ShouldBeLessThanOrEqualTo(10_000);
        Read().Steps.Count.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void A_resumed_run_goes_on_with_the_stride_its_file_has()
    {
        using (TimelineLog log = TimelineLog.Create(LogPath, mostBytes: 10_000))
        {
            Write(log, 0, 1000);
        }

        int stride = Read().Stride;
        using (TimelineLog log = TimelineLog.Open(LogPath, mostBytes: 10_000))
        {
            log.Stride.ShouldBe(stride);
            Write(log, 1000, 1001);
        }

        Read().Steps.ShouldAllBe(step => step.Step / TimelineFormat.BlockSteps % stride == 0);
    }

    [Fact]
    public void A_step_with_more_shards_than_anyone_can_look_at_is_kept_without_them()
    {
        StepMetrics step = FakeTimes.Step(3);
        WorkerTimes many = step.Times!.Workers[0] with
        {
            Shards = [.. Enumerable.Range(0, 5000).Select(i => new ShardTimes(i, default, default))],
        };
        using (TimelineLog log = TimelineLog.Create(LogPath))
        {
            log.Write(step with { Times = step.Times with { Workers = [many] } }, FakeTimes.BeginOf(3));
        }

        WorkerTimes kept = Read().Steps.ShouldHaveSingleItem().Times.Workers.ShouldHaveSingleItem();
        (kept.Shards.Count, kept.Compute).ShouldBe((0, many.Compute));
    }

    [Fact]
    public void Records_that_only_their_checksum_vouches_for_are_read_or_refused_and_nothing_else()
        => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), records =>
        {
            byte[] chunk = [.. new byte[TimelineFormat.ChunkHeadBytes], .. records, 1];
            TimelineFormat.Seal(chunk, FakeTimes.Start.UtcTicks, 7);
            try
            {
                ReadBytes([.. TimelineFormat.Head(1), .. chunk]);
            }
            catch (Core.UserFaultException fault)
            {
                fault.Message.ShouldContain("the timeline is damaged");
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Other_files_are_no_timelines()
    {
        File.WriteAllText(LogPath, "{\"kind\":\"step\"}");
        Should.Throw<Core.UserFaultException>(() => Read()).Message.ShouldContain("is not a timeline");
    }

    private static void Write(TimelineLog log, int from, int to)
    {
        for (int step = from; step < to; step++)
        {
            log.Write(FakeTimes.Step(step), FakeTimes.BeginOf(step));
        }
    }

    private static TimelineRecord ReadBytes(byte[] file) => TimelineReader.Read(new MemoryStream(file), "x");

    private static string Shown(StepTimes times) => JsonSerializer.Serialize(times);

    private TimelineRecord Read()
    {
        using FileStream file = File.OpenRead(LogPath);
        return TimelineReader.Read(file, LogPath);
    }
}

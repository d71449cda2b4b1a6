using DistTrain.Api;
using DistTrain.Cluster.Store;
using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Tests.Store;

public sealed class EventBufferTests
{
    private static JobEvent Step(long number) => new(number, default)
    {
        Step = new StepMetrics(number, 1, 0.5, 0.5, 0.1, 64, 1, Skipped: false, TimeSpan.Zero),
    };

    private static JobEvent Notice(long number) => new(number, default) { Notice = $"notice {number}" };

    private static async Task<long[]> Rest(EventBuffer buffer)
    {
        var all = new List<long>();
        buffer.Complete();
        while (await buffer.TakeAsync(default) is { Count: > 0 } batch)
        {
            all.AddRange(batch.Select(happened => happened.Sequence));
        }

        return [.. all];
    }

    [Fact]
    public async Task What_fits_comes_out_as_it_went_in()
    {
        var buffer = new EventBuffer(8);
        for (int i = 1; i <= 8; i++)
        {
            buffer.Add(i % 2 == 0 ? Step(i) : Notice(i));
        }

        (await Rest(buffer)).ShouldBe([1L, 2, 3, 4, 5, 6, 7, 8]);
    }

    [Fact]
    public async Task A_full_buffer_drops_its_oldest_steps()
    {
        var buffer = new EventBuffer(4);
        buffer.Add(Step(1));
        buffer.Add(Notice(2));
        buffer.Add(Step(3));
        buffer.Add(Step(4));
        buffer.Add(Notice(5));
        (await Rest(buffer)).ShouldBe([2L, 4, 5]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(42)]
    public async Task Whatever_comes_no_event_but_steps_is_lost_and_the_order_stays(int seed)
    {
        var random = new Random(seed);
        var buffer = new EventBuffer(64);
        var notices = new List<long>();
        long newest = 0;
        for (int i = 1; i <= 5000; i++)
        {
            // Few enough others for them to fit.
            if (i % 100 == 0)
            {
                notices.Add(i);
                buffer.Add(Notice(i));
            }
            else if (random.Next(3) > 0)
            {
                newest = i;
                buffer.Add(Step(i));
            }
        }

        long[] left = await Rest(buffer);
        left.Length.ShouldBeLessThanOrEqualTo(64);
        left.ShouldBe(left.Order());
        left.Where(number => number % 100 == 0).ShouldBe(notices);
        left.ShouldContain(newest);
        buffer.IsOverrun.ShouldBeFalse();
    }

    [Fact]
    public async Task A_buffer_full_of_what_must_not_be_dropped_is_over_and_says_so()
    {
        var buffer = new EventBuffer(2);
        buffer.Add(Notice(1));
        buffer.Add(Notice(2));
        buffer.Add(Step(3)); // no room, and nothing lost that matters
        buffer.IsOverrun.ShouldBeFalse();
        buffer.Add(Notice(4));
        buffer.IsOverrun.ShouldBeTrue();
        (await buffer.TakeAsync(default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_reader_that_waits_is_woken()
    {
        var buffer = new EventBuffer(2);
        ValueTask<IReadOnlyList<JobEvent>> waiting = buffer.TakeAsync(default);
        waiting.IsCompleted.ShouldBeFalse();
        buffer.Add(Step(1));
        (await waiting.AsTask().WaitAsync(TimeSpan.FromSeconds(30))).Single().Sequence.ShouldBe(1);
    }
}

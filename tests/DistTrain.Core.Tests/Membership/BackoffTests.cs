using DistTrain.Core.Membership;

namespace DistTrain.Core.Tests.Membership;

public sealed class BackoffTests
{
    [Fact]
    public void Waits_grow_from_a_tenth_of_a_second_to_five_and_no_further()
    {
        Backoff backoff = new(7);
        double[] waits = [.. Enumerable.Range(0, 50).Select(_ => backoff.Next().TotalMilliseconds)];
        waits.ShouldAllBe(wait => wait >= 100 && wait <= 5000);
        waits[0].ShouldBe(100);
        waits[..6].ShouldBeInOrder();
        waits[6..].ShouldAllBe(wait => wait >= 2500);
    }

    [Fact]
    public void Nodes_that_lost_one_coordinator_together_come_back_apart()
    {
        double[] fifth = [.. Enumerable.Range(0, 20).Select(key => Waits(new Backoff(key), 5)[4])];
        fifth.Distinct().Count().ShouldBe(20);
        Waits(new Backoff(3), 9).ShouldBe(Waits(new Backoff(3), 9), "a history can be played again");
    }

    [Fact]
    public void When_all_was_well_the_next_wait_is_a_first_one()
    {
        Backoff backoff = new(7);
        Waits(backoff, 20);
        backoff.Reset();
        backoff.Next().ShouldBe(Backoff.Shortest);
    }

    private static double[] Waits(Backoff backoff, int count)
        => [.. Enumerable.Range(0, count).Select(_ => backoff.Next().TotalMilliseconds)];
}

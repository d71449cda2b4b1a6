using DistTrain.Cluster.Coordinator;
using DistTrain.Core.Coordination;
using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;
using DistTrain.Net.Wire;

namespace DistTrain.Cluster.Tests.Coordinator;

public sealed class GradientInboxTests : IDisposable
{
    private const int Length = 6;
    private const long Bytes = Length * sizeof(float);
    private readonly GradientInbox _inbox = new(new ReductionTree(4), Length, step: 10);

    [Fact]
    public void Only_gradients_of_the_open_step_are_taken()
    {
        _inbox.Begin(Ready(10, 0, 2), Bytes).ShouldNotBeNull();
        _inbox.Begin(Ready(9, 2, 4), Bytes).ShouldBeNull();
        _inbox.Begin(Ready(11, 2, 4), Bytes).ShouldBeNull();
        _inbox.Open(11);
        _inbox.Begin(Ready(11, 2, 4), Bytes).ShouldNotBeNull();
        _inbox.Begin(Ready(10, 2, 4), Bytes).ShouldBeNull();
    }

    [Fact]
    public void What_cannot_be_a_gradient_of_the_run_costs_the_sender_its_link()
    {
        Should.Throw<ProtocolFaultException>(() => _inbox.Begin(Ready(10, 0, 2), Bytes + 4));
        Should.Throw<ProtocolFaultException>(() => _inbox.Begin(Ready(10, 1, 3), Bytes));
        Should.Throw<ProtocolFaultException>(
            () => _inbox.Begin(Ready(10, 0, 2) with { Shards = [default] }, Bytes));
    }

    [Fact]
    public void Buffers_of_a_step_that_is_behind_are_used_again_and_those_of_the_open_one_are_not()
    {
        int first = Arrived(10, 0, 2), second = Arrived(10, 2, 4);
        second.ShouldNotBe(first);
        _inbox.Open(11);
        new[] { Arrived(11, 0, 2), Arrived(11, 2, 4) }.Order().ShouldBe([first, second]);
    }

    [Fact]
    public void A_buffer_is_not_given_away_while_its_bytes_arrive_even_when_its_step_is_over()
    {
        int arriving = _inbox.Begin(Ready(10, 0, 2), Bytes)!.Value;
        _inbox.Open(11);
        int other = Arrived(11, 0, 2);
        other.ShouldNotBe(arriving);
        _inbox.End(arriving, complete: true);
        Arrived(11, 2, 4).ShouldBe(arriving);
    }

    [Fact]
    public void A_gradient_that_broke_off_leaves_its_buffer()
    {
        int broken = _inbox.Begin(Ready(10, 0, 2), Bytes)!.Value;
        _inbox.End(broken, complete: false);
        Arrived(10, 0, 2).ShouldBe(broken);
    }

    [Fact]
    public void What_the_machine_has_seen_and_does_not_use_makes_room_and_what_it_has_not_seen_stays()
    {
        int used = Arrived(10, 0, 2), doubled = Arrived(10, 0, 2), unseen = Arrived(10, 2, 4);
        GradientSource[] inUse = [new(new ShardRange(0, 2), new ActorId("w"), used)];
        _inbox.Settle(Ready(10, 0, 2) with { Buffer = used }, inUse);
        _inbox.Settle(Ready(10, 0, 2) with { Buffer = doubled }, inUse);
        Arrived(10, 3, 4).ShouldBe(doubled);
        new[] { used, unseen }.ShouldNotContain(Arrived(10, 2, 3));
    }

    [Fact]
    public void However_often_a_step_is_begun_afresh_there_is_room_for_it()
    {
        for (int start = 0; start < 100; start++)
        {
            foreach ((int from, int to) in ((int, int)[])[(0, 2), (2, 4)])
            {
                int slot = Arrived(10, from, to);
                _inbox.Settle(
                    Ready(10, from, to) with { Buffer = slot },
                    [new GradientSource(new ShardRange(from, to), new ActorId("w"), slot)]);
            }
        }
    }

    [Fact]
    public void A_late_message_about_a_buffer_that_is_another_steps_by_now_changes_nothing()
    {
        int slot = Arrived(10, 0, 2);
        _inbox.Open(11);
        Arrived(11, 0, 2).ShouldBe(slot);
        _inbox.Settle(Ready(10, 0, 2) with { Buffer = slot }, []);
        Arrived(11, 2, 4).ShouldNotBe(slot);
    }

    public void Dispose() => _inbox.Dispose();

    private int Arrived(long step, int start, int end)
    {
        int slot = _inbox.Begin(Ready(step, start, end), Bytes)!.Value;
        _inbox.End(slot, complete: true);
        return slot;
    }

    private static SubtreeReady Ready(long step, int start, int end)
        => new(new ActorId("w"), step, new ShardRange(start, end), 0, new ShardResult[end - start]);
}

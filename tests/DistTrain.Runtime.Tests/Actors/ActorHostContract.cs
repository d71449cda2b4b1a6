using System.Collections.Concurrent;
using DistTrain.Core.Hosting;

namespace DistTrain.Runtime.Tests.Actors;

/// <summary>What every implementation of the actor-host seam must do; derive it to test one.</summary>
public abstract class ActorHostContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected abstract IActorHost CreateHost();

    private sealed record Number(int Value) : IMessage;

    private sealed record Relay(ActorId To, IMessage Message) : IMessage;

    private sealed record Fail : IMessage;

    public static TheoryData<ActorPlacement> Placements => [ActorPlacement.OwnThread, ActorPlacement.Shared];

    [Theory]
    [MemberData(nameof(Placements))]
    public async Task Messages_of_one_sender_arrive_in_order_and_one_at_a_time(ActorPlacement placement)
    {
        await using IActorHost host = CreateHost();
        var probe = new Probe(host, new ActorId("probe"), expected: 4000);
        host.Start(probe.Id, placement, () => probe);
        Parallel.For(0, 4, sender =>
        {
            for (int i = 0; i < 1000; i++)
            {
                host.Tell(probe.Id, new Number(sender * 1000 + i)).ShouldBeTrue();
            }
        });
        await probe.Complete.WaitAsync(Patience);
        probe.Overlaps.ShouldBe(0);
        int[] seen = [.. probe.Seen.OfType<Number>().Select(number => number.Value)];
        for (int sender = 0; sender < 4; sender++)
        {
            int[] own = [.. seen.Where(value => value / 1000 == sender)];
            own.ShouldBe(Enumerable.Range(sender * 1000, 1000));
        }
    }

    [Fact]
    public async Task An_actor_with_a_thread_of_its_own_never_leaves_it()
    {
        await using IActorHost host = CreateHost();
        var probe = new Probe(host, new ActorId("probe"), expected: 100);
        host.Start(probe.Id, ActorPlacement.OwnThread, () => probe);
        Parallel.For(0, 100, i => host.Tell(probe.Id, new Number(i)));
        await probe.Complete.WaitAsync(Patience);
        probe.Threads.Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public async Task What_an_actor_tells_itself_comes_after_what_it_is_handling(ActorPlacement placement)
    {
        await using IActorHost host = CreateHost();
        var probe = new Probe(host, new ActorId("probe"), expected: 2);
        host.Start(probe.Id, placement, () => probe);
        host.Tell(probe.Id, new Relay(probe.Id, new Number(1)));
        await probe.Complete.WaitAsync(Patience);
        probe.Overlaps.ShouldBe(0);
        probe.Seen.Last().ShouldBe(new Number(1));
    }

    [Fact]
    public async Task Actors_reach_each_other()
    {
        await using IActorHost host = CreateHost();
        var first = new Probe(host, new ActorId("first"), expected: 1);
        var second = new Probe(host, new ActorId("second"), expected: 1);
        host.Start(first.Id, ActorPlacement.OwnThread, () => first);
        host.Start(second.Id, ActorPlacement.Shared, () => second);
        host.Tell(first.Id, new Relay(second.Id, new Number(7)));
        await second.Complete.WaitAsync(Patience);
        second.Seen.ShouldBe([new Number(7)]);
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public async Task A_watcher_hears_of_a_failure_with_its_cause_and_later_messages_are_dropped(
        ActorPlacement placement)
    {
        await using IActorHost host = CreateHost();
        var watcher = new Probe(host, new ActorId("watcher"), expected: 1);
        host.Start(watcher.Id, ActorPlacement.OwnThread, () => watcher);
        var subject = new Probe(host, new ActorId("subject"), expected: 1);
        host.Start(subject.Id, placement, () => subject);
        host.Watch(watcher.Id, subject.Id);
        host.Tell(subject.Id, new Fail());
        await watcher.Complete.WaitAsync(Patience);
        ActorStopped stopped = watcher.Seen.Single().ShouldBeOfType<ActorStopped>();
        stopped.Actor.ShouldBe(subject.Id);
        stopped.Fault!.Message.ShouldBe("told to fail");
        subject.IsDisposed.ShouldBeTrue();
        host.Tell(subject.Id, new Number(1)).ShouldBeFalse();
    }

    [Theory]
    [MemberData(nameof(Placements))]
    public async Task A_stop_lets_the_mailbox_run_empty_and_disposes_the_actor(ActorPlacement placement)
    {
        await using IActorHost host = CreateHost();
        var probe = new Probe(host, new ActorId("probe"), expected: 50);
        host.Start(probe.Id, placement, () => probe);
        for (int i = 0; i < 50; i++)
        {
            host.Tell(probe.Id, new Number(i));
        }
        await host.StopAsync(probe.Id).WaitAsync(Patience);
        probe.Seen.Count.ShouldBe(50);
        probe.IsDisposed.ShouldBeTrue();
    }

    [Fact]
    public async Task Watching_an_actor_that_is_gone_tells_so_at_once()
    {
        await using IActorHost host = CreateHost();
        var watcher = new Probe(host, new ActorId("watcher"), expected: 1);
        host.Start(watcher.Id, ActorPlacement.Shared, () => watcher);
        host.Watch(watcher.Id, new ActorId("nobody"));
        await watcher.Complete.WaitAsync(Patience);
        watcher.Seen.ShouldBe([new ActorStopped(new ActorId("nobody"), null)]);
    }

    [Fact]
    public async Task A_timer_tells_its_message_again_and_again_until_it_is_disposed()
    {
        await using IActorHost host = CreateHost();
        var probe = new Probe(host, new ActorId("probe"), expected: 3);
        host.Start(probe.Id, ActorPlacement.Shared, () => probe);
        using (host.Every(TimeSpan.FromMilliseconds(1), probe.Id, new Number(5)))
        {
            await probe.Complete.WaitAsync(Patience);
        }
        probe.Seen.ShouldAllBe(message => message.Equals(new Number(5)));
    }

    [Fact]
    public async Task Two_actors_cannot_share_a_name()
    {
        await using IActorHost host = CreateHost();
        var probe = new Probe(host, new ActorId("probe"), expected: 1);
        host.Start(probe.Id, ActorPlacement.Shared, () => probe);
        Should.Throw<InvalidOperationException>(
            () => host.Start(probe.Id, ActorPlacement.Shared, () => probe));
    }

    /// <summary>
    /// Remembers what it received, on which thread, and whether two messages ever overlapped.
    /// </summary>
    private sealed class Probe(IActorHost host, ActorId id, int expected) : IActor
    {
        private readonly TaskCompletionSource _complete =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _inside;

        public ActorId Id { get; } = id;
        public Task Complete => _complete.Task;
        public ConcurrentQueue<IMessage> Seen { get; } = new();
        public ConcurrentQueue<int> Threads { get; } = new();
        public int Overlaps { get; private set; }
        public bool IsDisposed { get; private set; }

        public void Receive(IMessage message)
        {
            if (Interlocked.Exchange(ref _inside, 1) != 0)
            {
                Overlaps++;
            }
            Seen.Enqueue(message);
            Threads.Enqueue(Environment.CurrentManagedThreadId);
            switch (message)
            {
                case Relay relay:
                    host.Tell(relay.To, relay.Message);
                    break;
                case Fail:
                    throw new InvalidOperationException("told to fail");
                default:
                    break;
            }
            Interlocked.Exchange(ref _inside, 0);
            if (Seen.Count == expected)
            {
                _complete.TrySetResult();
            }
        }

        public void Dispose() => IsDisposed = true;
    }
}

using DistTrain.Cluster.Hosting;
using DistTrain.Core.Hosting;
using DistTrain.Runtime.Actors;
using DistTrain.Runtime.Tests.Actors;

namespace DistTrain.Cluster.Tests.Hosting;

/// <summary>Local actors of a host that also knows remote ones are as those of any other host.</summary>
public sealed class NodeHostTests : ActorHostContract
{
    private static readonly ActorId Far = new("far");

    protected override IActorHost CreateHost() => new NodeHost(new InProcessHost(TimeProvider.System));

    private sealed record Word(string Text) : IMessage;

    [Fact]
    public async Task What_is_told_to_an_actor_elsewhere_goes_its_way_and_no_other()
    {
        await using var host = new NodeHost(new InProcessHost(TimeProvider.System));
        List<IMessage> first = [], second = [];
        host.Tell(Far, new Word("nobody")).ShouldBeFalse();
        host.Attach(Far, message => Keep(first, message));
        host.Tell(Far, new Word("one")).ShouldBeTrue();
        host.Attach(Far, message => Keep(second, message));
        host.Tell(Far, new Word("two")).ShouldBeTrue();
        host.Attach(Far, _ => false);
        host.Tell(Far, new Word("closed")).ShouldBeFalse();
        first.ShouldBe([new Word("one")]);
        second.ShouldBe([new Word("two")]);
        Should.Throw<InvalidOperationException>(
            () => host.Start(Far, ActorPlacement.Shared, () => new Listener([])));
    }

    [Fact]
    public async Task Losing_the_way_to_an_actor_is_its_death_told_once_to_whoever_watches()
    {
        await using var host = new NodeHost(new InProcessHost(TimeProvider.System));
        List<IMessage> heard = [];
        var listener = new ActorId("listener");
        host.Start(listener, ActorPlacement.Shared, () => new Listener(heard));
        host.Attach(Far, _ => true);
        host.Watch(listener, Far);
        host.Detach(Far, "the cable");
        host.Detach(Far, "again");
        ActorStopped stopped = heard.ShouldHaveSingleItem().ShouldBeOfType<ActorStopped>();
        stopped.Actor.ShouldBe(Far);
        stopped.Fault!.Message.ShouldBe("the cable");
        host.Tell(Far, new Word("late")).ShouldBeFalse();
        // One that is gone when the watching begins is told at once, as for local actors.
        host.Watch(listener, Far);
        heard.Count.ShouldBe(2);
    }

    private static bool Keep(List<IMessage> kept, IMessage message)
    {
        kept.Add(message);
        return true;
    }

    private sealed class Listener(List<IMessage> heard) : IActor
    {
        public void Receive(IMessage message) => heard.Add(message);

        public void Dispose() { }
    }
}

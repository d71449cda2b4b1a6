using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistTrain.Akka.Hosting;
using DistTrain.Core;
using DistTrain.Core.Hosting;
using ActorStopped = DistTrain.Core.Hosting.ActorStopped;
using IActor = DistTrain.Core.Hosting.IActor;

namespace DistTrain.Akka.Tests.Hosting;

/// <summary>What the host's guardian makes of an actor's fault, and whose clock the timers go by.</summary>
public sealed class SupervisionTests : TestKit
{
    private static readonly ActorId Subject = new("worker");
    private static readonly ActorId Watcher = new("node");
    private readonly ConcurrentQueue<(ActorId Actor, Exception Fault)> _broken = new();
    private readonly AkkaActorHost _host;

    public SupervisionTests()
        : base(AkkaActorHost.Configuration.WithFallback(
            """
            akka.scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
            akka.test.single-expect-default = 30s
            """))
    {
        _host = new AkkaActorHost(Sys, (actor, fault) => _broken.Enqueue((actor, fault)));
    }

    public static TheoryData<Exception> EngineFaults =>
    [
        new RunFaultException("the device has gone"), new OutOfMemoryException("no memory is left"),
        new IOException("the model's file was cut"),
        new System.Runtime.InteropServices.SEHException("native"),
    ];

    [Theory]
    [MemberData(nameof(EngineFaults))]
    public void An_engine_s_fault_ends_its_actor_alone_and_another_may_take_its_place(Exception fault)
    {
        TestProbe heard = CreateTestProbe();
        _host.Start(Watcher, ActorPlacement.Shared, () => new Relay(heard));
        _host.Start(Subject, ActorPlacement.OwnThread, () => new Relay(heard));
        _host.Watch(Watcher, Subject);
        _host.Tell(Subject, new Throw(fault));
        heard.ExpectMsg<ActorStopped>().ShouldBe(new ActorStopped(Subject, fault));
        _broken.ShouldBeEmpty();
        _host.Start(Subject, ActorPlacement.OwnThread, () => new Relay(heard));
        _host.Tell(Subject, new Word("again")).ShouldBeTrue();
        heard.ExpectMsg<Word>().ShouldBe(new Word("again"));
    }

    [Fact]
    public void A_broken_invariant_is_reported_for_the_node_to_stop()
    {
        TestProbe heard = CreateTestProbe();
        var fault = new InvalidOperationException("a gradient of another step");
        _host.Start(Watcher, ActorPlacement.Shared, () => new Relay(heard));
        _host.Start(Subject, ActorPlacement.OwnThread, () => new Relay(heard));
        _host.Watch(Watcher, Subject);
        _host.Tell(Subject, new Throw(fault));
        heard.ExpectMsg<ActorStopped>();
        AwaitAssert(() => _broken.ShouldBe([(Subject, fault)]));
    }

    [Fact]
    public void An_actor_that_cannot_be_made_is_told_like_any_other_fault()
    {
        TestProbe heard = CreateTestProbe();
        _host.Start(Watcher, ActorPlacement.Shared, () => new Relay(heard));
        _host.Start(Subject, ActorPlacement.OwnThread, () =>
        {
            _host.Watch(Watcher, Subject);
            throw new RunFaultException("no such device");
        });
        heard.ExpectMsg<ActorStopped>().Fault!.Message.ShouldBe("no such device");
        _broken.ShouldBeEmpty();
        AwaitAssert(() => _host.Tell(Subject, new Word("x")).ShouldBeFalse());
    }

    [Fact]
    public void Timers_go_by_the_scheduler_of_the_actor_system()
    {
        var scheduler = (TestScheduler)Sys.Scheduler;
        TestProbe heard = CreateTestProbe();
        _host.Start(Watcher, ActorPlacement.Shared, () => new Relay(heard));
        using (_host.Every(TimeSpan.FromMinutes(1), Watcher, new Word("tick")))
        {
            scheduler.Advance(TimeSpan.FromSeconds(59));
            heard.ExpectNoMsg(TimeSpan.Zero);
            scheduler.Advance(TimeSpan.FromSeconds(2));
            heard.ExpectMsg<Word>();
            scheduler.Advance(TimeSpan.FromMinutes(1));
            heard.ExpectMsg<Word>();
        }
        scheduler.Advance(TimeSpan.FromMinutes(5));
        heard.ExpectNoMsg(TimeSpan.Zero);
    }

    [Fact]
    public void A_mailbox_that_overflows_is_a_broken_invariant_of_whoever_tells()
    {
        using var hold = new ManualResetEventSlim();
        TestProbe heard = CreateTestProbe();
        _host.Start(Subject, ActorPlacement.OwnThread, () => new Relay(heard, hold));
        Should.Throw<InvalidOperationException>(() =>
        {
            for (int i = 0; i < 5000; i++)
            {
                _host.Tell(Subject, new Word("more"));
            }
        }).Message.ShouldContain("the mailbox of worker (4096 messages) is full");
        hold.Set();
    }

    private sealed record Throw(Exception Fault) : IMessage;

    private sealed record Word(string Text) : IMessage;

    /// <summary>Passes on what it hears, or throws what it is told to.</summary>
    private sealed class Relay(IActorRef to, ManualResetEventSlim? hold = null) : IActor
    {
        public void Receive(IMessage message)
        {
            hold?.Wait();
            if (message is Throw told)
            {
                throw told.Fault;
            }
            to.Tell(message, ActorRefs.NoSender);
        }

        public void Dispose() { }
    }
}

using System.Net;
using Akka.Actor;
using DistTrain.Akka.Links;
using DistTrain.Akka.Membership;
using DistTrain.Akka.Messages;
using DistTrain.Core.Cluster;
using DistTrain.Core.Memory;
using DistTrain.Net.Links;
using DistTrain.Net.Tests;

namespace DistTrain.Akka.Tests.Links;

/// <summary>Links between two actor systems of one process, over real sockets.</summary>
public sealed class ClusterLinkTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ActorSystem _left = System("worker");
    private readonly ActorSystem _right = System("coordinator");
    private readonly Heard _atWorker = new();
    private readonly Heard _atCoordinator = new();
    private readonly TaskCompletionSource<ILink> _session = new();
    private LinkListener _listener = null!;
    private IActorRef _front = null!;
    private ILink _link = null!;

    public async Task InitializeAsync()
    {
        var reception = new LinkReception(_right, Options("coordinator"));
        _listener = LinkListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), Options("coordinator"),
            reception.Around(link =>
            {
                _session.TrySetResult(link);
                return _atCoordinator;
            }), _ => { });
        _front = _right.ActorOf(Props.Create(() => new Front(_listener.Endpoint.Port, reception)), "front");
        string address = ((ExtendedActorSystem)_right).Provider.DefaultAddress.ToString();
        IActorRef remote = await _left.ActorSelection($"{address}/user/front").ResolveOne(Patience);
        var connector = new ClusterConnector(() => _left, _ => remote, Options("w1"));
        await connector.ConnectAsync(link =>
        {
            _link = link;
            return _atWorker;
        }, CancellationToken.None).WaitAsync(Patience);
    }

    public async Task DisposeAsync()
    {
        await _link.DisposeAsync();
        await _listener.DisposeAsync();
        await _left.Terminate();
        await _right.Terminate();
    }

    [Fact]
    public async Task Messages_go_both_ways_in_order_and_the_session_knows_the_node_by_its_name()
    {
        ILink session = await _session.Task.WaitAsync(Patience);
        session.Peer.Name.ShouldBe("w1");
        for (int i = 0; i < 500; i++)
        {
            _link.TrySend(new Heartbeat(i)).ShouldBeTrue();
            session.TrySend(new NodeNotice($"{i}")).ShouldBeTrue();
        }
        await UntilAsync(() => _atCoordinator.Messages.Count == 500 && _atWorker.Messages.Count == 500);
        _atCoordinator.Messages.ShouldBe(Enumerable.Range(0, 500).Select(i => new Heartbeat(i)));
        _atWorker.Messages.ShouldBe(Enumerable.Range(0, 500).Select(i => new NodeNotice($"{i}")));
    }

    [Fact]
    public async Task A_message_of_almost_the_largest_size_arrives_and_a_larger_one_is_refused_loudly()
    {
        string job = new('x', 3 << 20);
        _link.TrySend(Samples.Prepare with { JobJson = job }).ShouldBeTrue();
        await UntilAsync(() => _atCoordinator.Messages.Count == 1);
        ((PrepareRun)_atCoordinator.Messages.Single()).JobJson.ShouldBe(job);
        Should.Throw<ArgumentException>(() => _link.TrySend(Samples.Prepare with { JobJson = job + job }))
            .Message.ShouldContain("are allowed");
    }

    [Fact]
    public async Task A_payload_and_what_goes_ahead_of_it_arrive_over_the_data_link()
    {
        using var source = new NativeBuffer<float>(1000);
        var released = new TaskCompletionSource<bool>();
        var weights = new WeightsSent(new RunId(new JobId("j"), 1), 3);
        _link.TrySend(weights, Payload.Of(source), released.SetResult, ahead: new Heartbeat(9))
            .ShouldBeTrue();
        (await released.Task.WaitAsync(Patience)).ShouldBeTrue();
        await UntilAsync(() => _atCoordinator.Messages.Count >= 2);
        _atCoordinator.Messages.Take(2).ShouldBe([new Heartbeat(9), weights]);
    }

    [Fact]
    public async Task Closing_one_end_tells_the_other_why()
    {
        (await _session.Task.WaitAsync(Patience)).Close("no longer wanted");
        (await _atWorker.Closed.Task.WaitAsync(Patience)).ShouldContain("no longer wanted");
        (await _atCoordinator.Closed.Task.WaitAsync(Patience)).ShouldBe("no longer wanted");
        await UntilAsync(() => !_link.TrySend(new Heartbeat(1)));
    }

    [Fact]
    public async Task The_end_of_an_actor_system_is_the_end_of_its_links()
    {
        await _right.Terminate();
        (await _atWorker.Closed.Task.WaitAsync(Patience)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_worker_that_speaks_plain_TCP_is_told_what_to_do()
    {
        var stranger = new Heard();
        await using ILink plain = await LinkConnector.ConnectAsync(
            "127.0.0.1", _listener.Endpoint.Port, Options("w7"), _ => stranger, CancellationToken.None);
        (await stranger.Closed.Task.WaitAsync(Patience)).ShouldContain("--cluster akka");
    }

    private static async Task UntilAsync(Func<bool> seen)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var looks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!seen())
        {
            await looks.WaitForNextTickAsync(limit.Token);
        }
    }

    private static LinkOptions Options(string name)
        => new() { Name = name, Version = "0.1", Token = "secret" };

    private static ActorSystem System(string role) => ActorSystem.Create(
        ClusterSystem.Name,
        ClusterSystem.ConfigurationOf(
            new AkkaOptions { Host = "127.0.0.1", Port = 0, Seeds = [] }, role));

    /// <summary>Stands where the singleton does.</summary>
    private sealed class Front : ReceiveActor
    {
        public Front(int port, LinkReception reception)
        {
            Receive<LinkWanted>(_ => Sender.Tell(new LinkOffered("127.0.0.1", port), Self));
            Receive<OpenControl>(open => reception.Open(open, Sender));
        }
    }
}

using DistTrain.Cluster.Worker;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Core.Sharding;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Cluster.Tests.Worker;

public sealed class LinkPlaneTests : IAsyncDisposable
{
    private readonly NativeBuffer<float> _parameters = new(8);
    private readonly NativeBuffer<float> _gradient = new(8);
    private readonly Recorder _recorder = new();
    private readonly LinkPlane _plane;

    public LinkPlaneTests() => _plane = new LinkPlane(
        new RunId(new JobId("j"), 1), new ActorId("w"), _recorder, _recorder, _parameters, _ => _gradient);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_a_worker_with_nothing_else_to_do_lends_its_thread(bool isLast)
    {
        _plane.Publish(new SubtreeReady(new ActorId("w"), 0, new ShardRange(0, 1), 0, []), isLast);
        _recorder.LentThread.ShouldBe(isLast);
    }

    [Fact]
    public async Task Weights_are_acquired_when_their_last_byte_is_in_place_and_not_before()
    {
        _plane.Acquire(5);
        (await _plane.ReceiveAsync(_parameters.ByteLength, default)).ShouldNotBeNull();
        _recorder.Told.ShouldBeEmpty();
        _plane.TryEnter(5).ShouldBeFalse();
        _plane.Received(5);
        _recorder.Told.ShouldBe([new WeightsAcquired(5)]);
        _plane.TryEnter(5).ShouldBeTrue();
    }

    [Fact]
    public async Task Weights_that_are_here_are_acquired_at_once_and_others_are_not()
    {
        await Bring(5);
        _plane.Acquire(5);
        _recorder.Told.ShouldBe([new WeightsAcquired(5)]);
        _plane.Acquire(6);
        _recorder.Told.Count.ShouldBe(1);
        _plane.TryEnter(6).ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_written_while_someone_computes_and_nobody_begins_while_something_waits()
    {
        await Bring(5);
        _plane.TryEnter(5).ShouldBeTrue();
        ValueTask<Payload?> next = _plane.ReceiveAsync(_parameters.ByteLength, default);
        next.IsCompleted.ShouldBeFalse();
        _plane.Exit();
        _plane.TryEnter(5).ShouldBeFalse();
        (await next).ShouldNotBeNull();
        _plane.Received(6);
        _plane.TryEnter(6).ShouldBeTrue();
    }

    [Fact]
    public async Task Weights_of_another_size_cost_the_sender_its_link()
        => await Should.ThrowAsync<ProtocolFaultException>(async () => await _plane.ReceiveAsync(7, default));

    [Fact]
    public async Task Closing_waits_for_what_is_arriving_and_for_what_is_leaving()
    {
        _plane.Publish(new SubtreeReady(new ActorId("w"), 0, new ShardRange(0, 1), 0, []), isLast: false);
        await _plane.ReceiveAsync(_parameters.ByteLength, default);
        Task quiet = _plane.CloseAsync();
        quiet.IsCompleted.ShouldBeFalse();
        _recorder.Released.ShouldHaveSingleItem()(true);
        quiet.IsCompleted.ShouldBeFalse();
        _plane.LinkClosed();
        await quiet;
        (await _plane.ReceiveAsync(_parameters.ByteLength, default)).ShouldBeNull();
        _plane.Publish(new SubtreeReady(new ActorId("w"), 0, new ShardRange(0, 1), 0, []), isLast: false);
        _recorder.Released.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_gradient_that_the_link_did_not_take_is_not_waited_for()
    {
        _recorder.IsClosed = true;
        _plane.Publish(new SubtreeReady(new ActorId("w"), 0, new ShardRange(0, 1), 0, []), isLast: false);
        await _plane.CloseAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _parameters.Dispose();
        _gradient.Dispose();
        await ValueTask.CompletedTask;
    }

    private async Task Bring(long version)
    {
        await _plane.ReceiveAsync(_parameters.ByteLength, default);
        _plane.Received(version);
    }

    /// <summary>A host and a link that note what they are asked to do.</summary>
    private sealed class Recorder : IActorHost, ILink
    {
        public List<IMessage> Told { get; } = [];

        public List<Action<bool>> Released { get; } = [];

        public bool IsClosed { get; set; }

        /// <summary>Whether the last payload came with its thread.</summary>
        public bool LentThread { get; private set; }

        public PeerIdentity Peer { get; } = new("coordinator", "test", "nowhere");

        public LinkTraffic Traffic => default;

        public bool Tell(ActorId to, IMessage message)
        {
            Told.Add(message);
            return true;
        }

        public bool TrySend(
            IMessage announcement, Payload payload, Action<bool> released, IMessage? ahead = null,
            bool lendsThread = false)
        {
            LentThread = lendsThread;
            if (!IsClosed)
            {
                Released.Add(released);
            }
            return !IsClosed;
        }

        public bool TrySend(IMessage message) => !IsClosed;

        public void Close(string reason) => IsClosed = true;

        public void Start(ActorId id, ActorPlacement placement, Func<IActor> create)
            => throw new NotSupportedException();

        public void Watch(ActorId watcher, ActorId subject) => throw new NotSupportedException();

        public IDisposable Every(TimeSpan period, ActorId to, IMessage message)
            => throw new NotSupportedException();

        public Task StopAsync(ActorId id) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using Akka.Actor;
using DistTrain.Akka.Hosting;
using DistTrain.Akka.Links;
using DistTrain.Akka.Messages;
using DistTrain.Akka.News;
using DistTrain.Cluster.Coordinator;
using DistTrain.Core;

namespace DistTrain.Akka.Membership;

/// <summary>
/// What a process has while it is the coordinator: the node on its state directory, and the API that serves
/// it. Outlives the singleton's actor by as long as both need to end.
/// </summary>
/// <param name="options">Of the node.</param>
/// <param name="akka">The host under which workers reach its listener.</param>
/// <param name="serve">Starts the API of a node.</param>
/// <param name="news">Publishes what happens to jobs.</param>
/// <param name="taken">Called when the seat has been taken.</param>
/// <param name="failed">Hears, once, why this process cannot go on.</param>
internal sealed class CoordinatorSeat(
    CoordinatorNodeOptions options, AkkaOptions akka, Func<CoordinatorNode, Task<IAsyncDisposable>> serve,
    NewsDesk news, Action taken, Action<Exception> failed)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CoordinatorNode? _node;
    private Task<IAsyncDisposable>? _api;
    private Task? _left;

    /// <summary>Where workers connect; null: the seat is not taken, or left.</summary>
    public LinkOffered? Offer { get; private set; }

    public void Say(string line) => options.Say(line);

    /// <summary>This process cannot go on; nothing more is waited for.</summary>
    public void Fail(Exception fault)
    {
        _failed.TrySetResult();
        failed(fault);
    }

    /// <summary>null: another coordinator has the state directory.</summary>
    /// <exception cref="Core.DistTrainException">It can never be taken like this.</exception>
    public CoordinatorNode? TryTake(LinkReception reception)
    {
        lock (_lock)
        {
            if (_left is not null)
            {
                return null;
            }
            CoordinatorNode? node = CoordinatorNode.TryStart(options with
            {
                Host = _ => AkkaActorHost.Create((actor, fault) => Fail(new RunFaultException(
                    $"{actor} broke an invariant: {fault.Message}", fault))),
                Reception = reception.Around,
                Told = news.Tell,
            });
            if (node is null)
            {
                return null;
            }
            taken();
            _node = node;
            Offer = new LinkOffered(akka.Host, node.Endpoint.Port);
            _api = ServeAsync(node);
            _ = WatchAsync(node);
            return node;
        }
    }

    /// <summary>Lets go of everything: at once, or when all runs are saved. The first call decides.</summary>
    public Task LeaveAsync(bool save)
    {
        lock (_lock)
        {
            Offer = null;
            return _left ??= EndAsync(save);
        }
    }

    private async Task<IAsyncDisposable> ServeAsync(CoordinatorNode node)
    {
        try
        {
            return await serve(node);
        }
        catch (Exception fault)
        {
            Fail(fault);
            throw;
        }
    }

    private async Task WatchAsync(CoordinatorNode node)
    {
        try
        {
            await node.Ended;
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    private async Task EndAsync(bool save)
    {
        if (_node is not { } node)
        {
            return;
        }
        if (save)
        {
            node.RequestShutdown();
            await Task.WhenAny(node.Ended, _failed.Task);
        }
        Task<IAsyncDisposable> api = _api!;
        await ((Task)api).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (api.IsCompletedSuccessfully)
        {
            await api.Result.DisposeAsync();
        }
        await node.DisposeAsync();
    }
}

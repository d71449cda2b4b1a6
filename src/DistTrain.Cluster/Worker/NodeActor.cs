using DistTrain.Cluster.Hosting;
using DistTrain.Cluster.Inputs;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;

namespace DistTrain.Cluster.Worker;

/// <summary>Runs a worker node's machine: performs its effects and decides nothing.</summary>
internal sealed class NodeActor : IActor
{
    public static readonly ActorId Id = new("node");
    private readonly WorkerNodeOptions _options;
    private readonly NodeHost _host;
    private readonly NodeMachine _machine;
    private readonly WorkerKeeper _keeper;
    private readonly FileFetcher _fetcher;
    private readonly Action<int, string> _ended;
    private readonly long _start;
    private readonly List<Effect> _effects = [];
    private readonly CancellationTokenSource _life = new();
    private volatile CoordinatorLink? _end;
    private ILink? _link;
    private string? _said;

    /// <param name="options">What the node was told at its start.</param>
    /// <param name="host">Where it lives.</param>
    /// <param name="machine">Decides.</param>
    /// <param name="keeper">Starts and stops the worker actor.</param>
    /// <param name="fetcher">Takes pieces of files.</param>
    /// <param name="ended">Hears the exit code and the reason.</param>
    public NodeActor(
        WorkerNodeOptions options, NodeHost host, NodeMachine machine, WorkerKeeper keeper,
        FileFetcher fetcher, Action<int, string> ended)
    {
        (_options, _host, _machine) = (options, host, machine);
        (_keeper, _fetcher, _ended) = (keeper, fetcher, ended);
        _start = options.Time.GetTimestamp();
    }

    public void Started()
    {
        _machine.Start(Now, _effects);
        PerformAll();
    }

    public void Receive(IMessage message)
    {
        Tell(message);
        if (message is Connected connected)
        {
            _link = connected.Link;
            _options.Watch?.OnLink(_link);
            message = new LinkOpened();
        }
        if (message is LinkLost)
        {
            _options.Watch?.OnLink(null);
        }
        if (_keeper.Translate(message) is not { } input)
        {
            return;
        }
        _effects.Clear();
        _machine.Handle(input, Now, _effects);
        PerformAll();
    }

    public void Dispose()
    {
        _life.Cancel();
        _link?.Close("the node ends");
    }

    private TimeSpan Now => _options.Time.GetElapsedTime(_start);

    private void PerformAll()
    {
        foreach (Effect effect in _effects)
        {
            Perform(effect);
        }
    }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case OpenLink:
                _ = Task.Run(ConnectAsync);
                break;
            case CloseLink close:
                if (_said?.Contains(close.Reason, StringComparison.Ordinal) != true)
                {
                    // Decided here, as when the coordinator is silent: nobody has been told of it yet.
                    Say($"lost the coordinator: {close.Reason}; trying again");
                }
                _end = null;
                _link?.Close(close.Reason);
                _keeper.Part?.Plane.LinkClosed();
                _link = null;
                _options.Watch?.OnLink(null);
                break;
            case SendToCoordinator send:
                _link?.TrySend(send.Message);
                break;
            case StartWorker start:
                _keeper.Start(start.Order, _link!, _life.Token);
                break;
            case StopWorker stop:
                _keeper.Stop(stop.Run);
                break;
            case ClusterNotice notice:
                _options.Say(notice.Text);
                break;
            case EndNode end:
                _ended(end.ExitCode, end.Reason);
                break;
            default:
                throw new InvalidOperationException($"a node cannot perform {effect.GetType().Name}");
        }
    }

    private async Task ConnectAsync()
    {
        try
        {
            Task connecting = _options.Connect is { } connect
                ? connect(Attach, _life.Token)
                : LinkConnector.ConnectAsync(
                    _options.CoordinatorHost, _options.CoordinatorPort, _options.Link, Attach, _life.Token);
            await connecting;
        }
        catch (LinkRefusedException refused)
        {
            _host.Tell(Id, new LinkFailed(refused.Message, refused.IsPermanent));
        }
        catch (UserFaultException fault)
        {
            // What it was given to connect with is wrong, such as a file of certificates with none in it.
            _host.Tell(Id, new LinkFailed(fault.Message, Permanent: true));
        }
        catch (Exception e) when (e is LinkUnreachableException or OperationCanceledException)
        {
            _host.Tell(Id, new LinkFailed(e.Message, Permanent: false));
        }
    }

    /// <summary>Called before anything is read from the link, so nothing overtakes the news of it.</summary>
    private CoordinatorLink Attach(ILink link)
    {
        var end = new CoordinatorLink(_fetcher, () => _keeper.Part, (from, message) =>
        {
            if (ReferenceEquals(from, _end))
            {
                _host.Tell(Id, message);
            }
        });
        _end = end;
        _host.Tell(Id, new Connected(link));
        return end;
    }

    /// <summary>
    /// What a person at this node wants to know; a reason is said once, however often it recurs.
    /// </summary>
    private void Tell(IMessage message)
    {
        string? text = message switch
        {
            NodeAccepted accepted => $"joined the cluster {accepted.Cluster}",
            NodeRefused refused => $"not let in: {refused.Reason}",
            LinkFailed failed => failed.Permanent ? null : $"{failed.Reason}; trying again",
            LinkLost lost => $"lost the coordinator: {lost.Reason}; trying again",
            LeaveWanted => "leaving: finishing what is in hand; once more leaves at once",
            _ => null,
        };
        if (message is NodeAccepted)
        {
            _options.Joined();
        }
        if (text is not null)
        {
            Say(text);
        }
    }

    private void Say(string text)
    {
        if (text != _said)
        {
            _said = text;
            _options.Say(text);
        }
    }

    private sealed record Connected(ILink Link) : IMessage;
}

using System.Net;
using DistTrain.Cluster.Coordinator;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Memory;
using DistTrain.Core.Reduction;
using DistTrain.Core.Sharding;
using DistTrain.Net.Links;
using DistTrain.Runtime.Training;

namespace DistTrain.Compare.Exchange;

/// <summary>
/// The coordinator's part of an exchange over real links, without machines and mailboxes: weights out to all
/// workers, their gradients in, both read loops side by side, the tree's sum on the last one's thread and the
/// pool. What it sends in the next round is that sum.
/// </summary>
internal sealed class LinkHub : IDisposable
{
    public const int Workers = 2;
    public static readonly RunId Run = new(new JobId("exchange"), 1);

    private readonly NativeBuffer<float> _weights;
    private readonly NativeBuffer<float>[] _gradients = new NativeBuffer<float>[Workers];
    private readonly ReductionProgram _program;
    private readonly double[] _squares;
    private readonly PoolCrew _crew;
    private readonly ExchangeClock _clock;
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ILink> _links = [];
    private long _version;
    private int _arrived;

    private LinkHub(int floats, int rounds)
    {
        _weights = new NativeBuffer<float>(floats);
        for (int i = 0; i < Workers; i++)
        {
            _gradients[i] = new NativeBuffer<float>(floats);
        }
        _program = ReductionProgram.Compile(
            new ReductionTree(Workers), [.. Enumerable.Range(0, Workers).Select(NodeOf)]);
        _squares = new double[TreeReduction.BlocksOf(floats)];
        _crew = new PoolCrew(floats, Math.Min(Environment.ProcessorCount, 8));
        _clock = new ExchangeClock(rounds);
    }

    /// <summary>The subtree that a worker delivers: its one shard.</summary>
    public static ShardRange NodeOf(int worker) => new(worker, worker + 1);

    public static LinkOptions OptionsOf(string name) => new() { Name = name, Version = "bench" };

    /// <summary>Says its port, waits for its workers, and says the median round.</summary>
    public static async Task RunAsync(int floats, int rounds)
    {
        using var hub = new LinkHub(floats, rounds);
        await using (LinkListener listener = LinkListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), OptionsOf("coordinator"), hub.Accept,
            Console.Error.WriteLine))
        {
            Console.WriteLine($"{{\"port\":{listener.Endpoint.Port}}}");
            await hub._done.Task;
        }
        foreach (ILink link in hub._links)
        {
            await link.DisposeAsync();
        }
        float last = hub._weights.Span[^1];
        Console.WriteLine(
            last == 3 ? hub._clock.ToJson() : throw new RunFaultException($"1 + 2 gave {last}"));
    }

    public void Dispose()
    {
        _weights.Dispose();
        foreach (NativeBuffer<float> gradient in _gradients)
        {
            gradient.Dispose();
        }
    }

    private End Accept(ILink link)
    {
        lock (_links)
        {
            _links.Add(link);
            if (_links.Count == Workers)
            {
                SendWeights();
            }
        }
        return new End(this);
    }

    private void SendWeights()
    {
        _version++;
        foreach (ILink link in _links)
        {
            link.TrySend(new WeightsSent(Run, _version), Payload.Of(_weights), _ => { });
        }
    }

    private unsafe void Arrived()
    {
        if (Interlocked.Increment(ref _arrived) < Workers)
        {
            return;
        }
        _arrived = 0;
        nint[] sources = [.. _gradients.Select(gradient => (nint)gradient.Pointer)];
        _crew.Run(
            slice => TreeReduction.Run(
                _program, sources, _weights.Pointer, slice.Offset, slice.Length,
                _squares.AsSpan((int)(slice.Offset / TreeReduction.BlockLength))),
            EndRound);
    }

    private void EndRound()
    {
        if (_clock.Next())
        {
            SendWeights();
        }
        else
        {
            _done.TrySetResult();
        }
    }

    /// <summary>One link's end.</summary>
    private sealed class End(LinkHub hub) : ILinkHandler
    {
        public void OnMessage(IMessage message) { }

        public ValueTask<Payload?> OnPayloadAsync(
            IMessage announcement, long bytes, CancellationToken cancellation)
        {
            var ready = (SubtreeReady)((RunMessage)announcement).Message;
            return ValueTask.FromResult<Payload?>(Payload.Of(hub._gradients[ready.Node.Start]));
        }

        public void OnPayloadReceived(IMessage announcement) => hub.Arrived();

        public void OnClosed(string reason)
            => hub._done.TrySetException(new RunFaultException($"a worker was lost: {reason}"));
    }
}

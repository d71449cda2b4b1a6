using System.Net;
using DistTrain.Core.Cluster;
using DistTrain.Core.Hosting;
using DistTrain.Net.Links;

namespace DistTrain.Compare.ControlPlane;

/// <summary>Two ends of a link over the loopback; the far one sends everything back.</summary>
internal sealed class LinkEnds : IAsyncDisposable
{
    private static readonly IMessage Ping = new NodeNotice("as long as an order within a run is, or so");
    private readonly Func<ValueTask> _end;
    private readonly Answers _answers = new();
    private ILink? _near;
    private ILink? _far;

    private LinkEnds(Func<ValueTask> end) => _end = end;

    public static LinkOptions OptionsOf(string name) => new() { Name = name, Version = "0", Token = "t" };

    /// <summary>This program's own TCP.</summary>
    public static Task<LinkEnds> OverTcpAsync() => OpenAsync((far, near) =>
    {
        var listener = LinkListener.Start(
            new IPEndPoint(IPAddress.Loopback, 0), OptionsOf("coordinator"), far, _ => { });
        Task connecting = LinkConnector.ConnectAsync(
            "127.0.0.1", listener.Endpoint.Port, OptionsOf("w"), near, CancellationToken.None);
        return (connecting, listener.DisposeAsync);
    });

    /// <param name="open">
    /// Opens a link between two handlers, that of the listening end first; also tells what to do at the end.
    /// </param>
    public static async Task<LinkEnds> OpenAsync(
        Func<Func<ILink, ILinkHandler>, Func<ILink, ILinkHandler>, (Task Open, Func<ValueTask> End)> open)
    {
        LinkEnds? ends = null;
        var accepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ILink? near = null, far = null;
        (Task opening, Func<ValueTask> end) = open(
            link =>
            {
                far = link;
                accepted.SetResult();
                return new Ear(message => far.TrySend(message));
            },
            link =>
            {
                near = link;
                return new Ear(_ => ends!._answers.Returned());
            });
        await opening;
        await accepted.Task;
        ends = new LinkEnds(end) { _near = near, _far = far };
        return ends;
    }

    /// <summary>The median round trip, in microseconds.</summary>
    public double Measure(int count) => _answers.Median(() => _near!.TrySend(Ping), count);

    public async ValueTask DisposeAsync()
    {
        await _near!.DisposeAsync();
        await _far!.DisposeAsync();
        await _end();
        _answers.Dispose();
    }
}

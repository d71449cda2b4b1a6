using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;

namespace DistTrain.Compare.ControlPlane;

/// <summary>Two actors of one host, each with a thread of its own; one sends everything back.</summary>
internal sealed class HostEnds : IAsyncDisposable
{
    private static readonly ActorId Near = new("near");
    private static readonly ActorId Far = new("far");
    private readonly IActorHost _host;
    private readonly Answers _answers = new();

    /// <param name="host">Owned from now on.</param>
    public HostEnds(IActorHost host)
    {
        _host = host;
        host.Start(Near, ActorPlacement.OwnThread, () => new Passer(_ => _answers.Returned()));
        host.Start(Far, ActorPlacement.OwnThread, () => new Passer(message => host.Tell(Near, message)));
    }

    /// <summary>The median round trip, in microseconds: three hops between threads.</summary>
    public double Measure(int count) => _answers.Median(() => _host.Tell(Far, new RunTick()), count);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _answers.Dispose();
    }
}

using DistTrain.Core.Hosting;
using DistTrain.Runtime.Actors;

namespace DistTrain.Runtime.Tests.Actors;

public sealed class InProcessHostTests : ActorHostContract
{
    protected override IActorHost CreateHost() => new InProcessHost(TimeProvider.System);
}

public sealed class SpinningInProcessHostTests : ActorHostContract
{
    protected override IActorHost CreateHost() => new InProcessHost(TimeProvider.System, spins: 400);
}

using DistTrain.Akka.Hosting;
using DistTrain.Core.Hosting;
using DistTrain.Runtime.Tests.Actors;

namespace DistTrain.Akka.Tests.Hosting;

public sealed class AkkaActorHostTests : ActorHostContract
{
    protected override IActorHost CreateHost() => AkkaActorHost.Create();
}

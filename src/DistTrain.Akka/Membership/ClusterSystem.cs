using System.Net;
using Akka.Actor;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using DistTrain.Core;
using AkkaCluster = Akka.Cluster.Cluster;

namespace DistTrain.Akka.Membership;

/// <summary>Makes the actor systems that nodes are members of a cluster with.</summary>
internal static class ClusterSystem
{
    /// <summary>The same in every node: the name is part of every actor's address.</summary>
    public const string Name = "disttrain";

    public const string CoordinatorRole = "coordinator";
    public const string WorkerRole = "worker";

    /// <summary>Of the singleton's manager, beneath /user.</summary>
    public const string SingletonName = "coordinator";

    private static readonly Config Own = ConfigurationFactory.FromResource<AkkaOptions>(
        "DistTrain.Akka.Membership.cluster.conf");

    /// <exception cref="UserFaultException">The configuration cannot be read, or the port be had.</exception>
    public static ActorSystem Create(AkkaOptions options, string role)
    {
        try
        {
            return ActorSystem.Create(Name, ConfigurationOf(options, role));
        }
        catch (Exception fault) when (fault is not DistTrainException)
        {
            string reason = (fault.InnerException ?? fault).Message.ReplaceLineEndings(" ");
            throw new UserFaultException(
                $"--akka-host {options.Host}, --akka-port {options.Port}: {reason}", fault);
        }
    }

    public static void Join(ActorSystem system, AkkaOptions options)
        => AkkaCluster.Get(system).JoinSeedNodes(options.Seeds.Select(AddressOf));

    /// <summary>The way to whoever is the coordinator now; what it cannot deliver yet, it keeps.</summary>
    public static IActorRef SingletonProxy(ActorSystem system) => system.ActorOf(
        ClusterSingletonProxy.Props(
            $"/user/{SingletonName}",
            ClusterSingletonProxySettings.Create(system).WithRole(CoordinatorRole)),
        "to-coordinator");

    internal static Config ConfigurationOf(AkkaOptions options, string role)
    {
        Config given = Parse(options.Configuration);
        bool isLoopback = IPAddress.TryParse(options.Host, out IPAddress? address)
            ? IPAddress.IsLoopback(address)
            : string.Equals(options.Host, "localhost", StringComparison.OrdinalIgnoreCase);
        string bind = isLoopback ? "127.0.0.1" : "0.0.0.0";
        Config place = ConfigurationFactory.ParseString(
            $"""
            akka.cluster.roles = ["{role}"]
            akka.remote.dot-netty.tcp.public-hostname = "{options.Host}"
            akka.remote.dot-netty.tcp.hostname = "{bind}"
            akka.remote.dot-netty.tcp.port = {options.Port}
            """);
        return place.WithFallback(given).WithFallback(Own)
            .WithFallback(ClusterSingletonManager.DefaultConfig())
            .WithFallback(ClusterSingletonProxy.DefaultConfig())
            .WithFallback(DistributedPubSub.DefaultConfig());
    }

    private static Address AddressOf(DnsEndPoint seed) => new("akka.tcp", Name, seed.Host, seed.Port);

    private static Config Parse(string? hocon)
    {
        try
        {
            return hocon is null ? Config.Empty : ConfigurationFactory.ParseString(hocon);
        }
        catch (Exception fault)
        {
            throw new UserFaultException(
                $"--akka-config: this is no HOCON: {fault.Message.ReplaceLineEndings(" ")}", fault);
        }
    }
}

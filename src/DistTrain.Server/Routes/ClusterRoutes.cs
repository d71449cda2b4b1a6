using DistTrain.Api;
using DistTrain.Server.Http;

namespace DistTrain.Server.Routes;

/// <summary>The cluster and its nodes.</summary>
internal static class ClusterRoutes
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder cluster = api.MapGroup(ApiRoutes.Cluster).WithTags("cluster");
        cluster.MapGet("", async (IClusterControl control, CancellationToken cancellation)
                => Results.Ok(await control.ClusterAsync(cancellation)))
            .Describe("getCluster", "The cluster: its nodes, its queue, the last lines of its log")
            .Answers<ClusterView>(200, "The cluster.");
        cluster.MapPost($"{ApiRoutes.Nodes}/{{name}}/drain", async (
                string name, IClusterControl control, CancellationToken cancellation)
                => CommandRoutes.Answer(
                    await control.DrainAsync(name, cancellation), ApiProblems.UnknownNode))
            .Describe("drainNode", "Lets a node finish its step and leave; nothing is computed twice")
            .AnswersCommand()
            .Fails(404, ProblemTypes.UnknownNode, "There is no such node.");
    }
}

using DistTrain.Api;
using DistTrain.Server.Http;

namespace DistTrain.Server.Routes;

/// <summary>For whatever keeps the coordinator running; these need no token and tell no more than this.</summary>
internal static class HealthRoutes
{
    public static void Map(WebApplication app, ApiServerOptions options)
    {
        app.MapGet(ApiRoutes.Live, () => Results.Ok(new HealthReply("live")))
            .Describe("live", "The process answers").WithTags("health")
            .Answers<HealthReply>(200, "It does.");
        app.MapGet(ApiRoutes.Ready, () => options.WhyNotReady() is { } why
                ? new ProblemResult(ApiProblems.NotReady(why)) : Results.Ok(new HealthReply("ready")))
            .Describe("ready", "The coordinator takes jobs").WithTags("health")
            .Answers<HealthReply>(200, "It does.")
            .Fails(503, ProblemTypes.NotReady, "It does not (yet); why is told.");
    }
}

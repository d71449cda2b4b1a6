using DistTrain.Api;

namespace DistTrain.Server.Routes;

/// <summary>For Prometheus, which knows this path by itself; no part of the API's document.</summary>
internal static class MetricsRoutes
{
    public static void Map(WebApplication app, MetricsOffer? offer)
    {
        if (offer is null)
        {
            return;
        }
        app.MapGet(ApiRoutes.Metrics, async (HttpRequest request, CancellationToken cancellation) =>
        {
            (string contentType, byte[] text) =
                await offer.Scrape(request.Headers.Accept.ToString(), cancellation);
            return Results.Bytes(text, contentType);
        }).ExcludeFromDescription();
    }
}

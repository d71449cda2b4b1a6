using System.Net;

namespace DistTrain.Server.Http;

/// <summary>
/// Whether a request of a web page comes from this server's own page, where no token tells. A page names its
/// origin, and so the host it was loaded from; but a name is what its owner's DNS says, and may point here by
/// the time of the second request. An address cannot be pointed elsewhere, and neither can localhost.
/// </summary>
internal static class OwnOrigin
{
    /// <summary>The host the client asked for is this machine whatever any DNS says.</summary>
    public static bool IsSure(HostString host)
        => host.Host == "localhost" || host.Host.EndsWith(".localhost", StringComparison.Ordinal)
            || IPAddress.TryParse(host.Host, out _);

    /// <summary>The request names no origin, as those of programs do, or this server's own.</summary>
    public static bool Allows(HttpRequest request)
        => request.Headers.Origin is not [{ } origin]
            ? request.Headers.Origin.Count == 0
            : IsSure(request.Host) && origin == $"{request.Scheme}://{request.Host}";
}

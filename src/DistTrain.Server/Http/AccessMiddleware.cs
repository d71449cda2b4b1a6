using System.Security.Cryptography;
using System.Text;
using DistTrain.Api;
using DistTrain.Server.Page;

namespace DistTrain.Server.Http;

/// <summary>
/// Who may talk to the server. With a token: whoever brings it as a bearer token. A browser never adds one
/// by itself, there are no cookies, and commands are POST alone, so a web page can do nothing in its user's
/// name. Without a token that would not hold: any page could POST to a loopback address. Browsers name the
/// origin of every such request, so what names one is refused, but for this server's own page (see
/// <see cref="OwnOrigin"/>); programs name none. The page itself is program alone, and for everybody.
/// </summary>
internal sealed class AccessMiddleware(RequestDelegate next, ApiServerOptions options)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _token = options.Token is { } token ? Digest(token) : null;

    public Task InvokeAsync(HttpContext context)
    {
        PathString path = context.Request.Path;
        if (path.Equals(ApiRoutes.Live) || path.Equals(ApiRoutes.Ready) || PageRoutes.Covers(path)
            || (options.Metrics is { IsOpen: true } && path.Equals(ApiRoutes.Metrics)))
        {
            return next(context);
        }

        if (_token is null)
        {
            return OwnOrigin.Allows(context.Request)
                ? next(context) : ProblemResult.WriteAsync(context, ApiProblems.CrossOrigin());
        }

        if (IsAuthorized(context.Request, _token))
        {
            return next(context);
        }

        context.Response.Headers.WWWAuthenticate = "Bearer realm=\"disttrain\"";
        return ProblemResult.WriteAsync(context, ApiProblems.Unauthorized());
    }

    /// <summary>
    /// Digests are compared, in a time that depends on neither: it tells nothing about the token, not even
    /// its length.
    /// </summary>
    private static bool IsAuthorized(HttpRequest request, byte[] token)
        => request.Headers.Authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && CryptographicOperations.FixedTimeEquals(Digest(header[Scheme.Length..].Trim()), token);

    private static byte[] Digest(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));
}

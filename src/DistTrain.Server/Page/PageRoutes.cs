using DistTrain.Server.Http;
using Microsoft.Extensions.Primitives;

namespace DistTrain.Server.Page;

/// <summary>
/// The live page. It holds nothing but program: whoever may see the cluster is decided by the API, which the
/// page asks like any other client. So it needs no token, and one can type the token into it.
/// </summary>
internal static class PageRoutes
{
    public const string Root = "/";
    public const string Folder = "/page";

    /// <summary>
    /// Everything the page may do: its own script, style and pictures, and requests to this server. No
    /// other page may frame it, nothing is evaluated, and text never becomes markup.
    /// </summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        + "require-trusted-types-for 'script'; trusted-types 'none'";

    private const string Missing = "This build of DistTrain has no live page: its packages could not be "
        + "fetched when it was built. The API is at /api/v1.\n";

    /// <summary>Whether a path is the page's, which anybody may read.</summary>
    public static bool Covers(PathString path) => path == Root || path.StartsWithSegments(Folder);

    public static void Map(WebApplication app)
    {
        app.MapGet(Root, (HttpContext context) => PageFiles.Built.Index is { } index
                ? Send(context, index, "no-cache")
                : Results.Text(Missing, statusCode: StatusCodes.Status404NotFound))
            .ExcludeFromDescription();
        // The name changes with the content, so a copy is good for ever.
        app.MapGet(Folder + "/{name}", (string name, HttpContext context)
                => PageFiles.Built.Find(name) is { } file
                    ? Send(context, file, "public, max-age=31536000, immutable")
                    : new ProblemResult(ApiProblems.OfStatus(
                        StatusCodes.Status404NotFound, context.Request)))
            .ExcludeFromDescription();
    }

    private static IResult Send(HttpContext context, PageFile file, string caching)
    {
        IHeaderDictionary headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.CacheControl = caching;
        headers.ETag = file.Tag;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";
        StringValues held = context.Request.Headers.IfNoneMatch;
        return held.Contains(file.Tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Bytes(file.Content, file.ContentType);
    }
}

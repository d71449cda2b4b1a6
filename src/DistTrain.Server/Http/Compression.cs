using System.IO.Compression;
using DistTrain.Api;
using Microsoft.AspNetCore.ResponseCompression;

namespace DistTrain.Server.Http;

/// <summary>
/// Answers are compressed for clients that ask for it, as browsers do: a page on a phone looks at the cluster
/// more than once a second. Quickly rather than well, for they are made anew each time. Also over TLS: no
/// answer holds a secret that somebody could learn from how long it is. Streams of events and files of
/// weights are left as they are.
/// </summary>
internal static class Compression
{
    private static readonly string[] Kinds =
        ["application/json", Problem.MediaType, "text/html", "text/javascript", "text/css", "image/svg+xml"];

    public static void AddTo(IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = Kinds;
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
    }
}

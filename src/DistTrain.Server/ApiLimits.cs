using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace DistTrain.Server;

/// <summary>What a client may take of this server. docs/api.md has the same numbers.</summary>
internal static class ApiLimits
{
    /// <summary>A job is at most 1 MiB of text, which as a JSON string may grow.</summary>
    public const int SubmitBytes = 4 << 20;

    /// <summary>Of the body of every other request.</summary>
    public const int BodyBytes = 64 << 10;

    /// <summary>Levels of JSON: a job's own 64, and the body's around it.</summary>
    public const int JsonDepth = 66;

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = SubmitBytes;
        limits.MaxRequestHeadersTotalSize = 16 << 10;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestLineSize = 8 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);

        // Most of them watchers. Connections that never say anything end by the time-out above.
        limits.MaxConcurrentConnections = 1024;
    }
}

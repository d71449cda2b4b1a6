using System.Net;

namespace DistTrain.Server;

/// <summary>How a coordinator offers its API.</summary>
public sealed record ApiServerOptions
{
    /// <summary>Address and port; port 0 takes a free one, which the server then tells.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>
    /// What every request but those of the page, of /healthz and of an open /metrics must bring as its bearer
    /// token. null: none is asked for, which is for a loopback address; requests of other servers' pages are
    /// then refused.
    /// </summary>
    public required string? Token { get; init; }

    /// <summary>
    /// PEM file of the certificate, and of those between it and its authority. null: no TLS.
    /// </summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>null: the coordinator takes jobs; else why it does not (yet).</summary>
    public Func<string?> WhyNotReady { get; init; } = () => null;

    /// <summary>null: there are none.</summary>
    public MetricsOffer? Metrics { get; init; }

    /// <summary>Is told, a line at a time, what goes wrong inside the server.</summary>
    public Action<string> Warn { get; init; } = _ => { };

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

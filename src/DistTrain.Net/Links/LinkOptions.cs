namespace DistTrain.Net.Links;

/// <summary>What both ends of a link agree on, and the bounds each keeps for itself.</summary>
public sealed record LinkOptions
{
    /// <summary>This node's name in the handshake.</summary>
    public required string Name { get; init; }

    /// <summary>Version of the program, for people.</summary>
    public required string Version { get; init; }

    /// <summary>
    /// The cluster's shared secret: both ends prove that they know it, and it never travels. null: none,
    /// which both ends must agree on.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>null: no TLS.</summary>
    public LinkTls? Tls { get; init; }

    /// <summary>A handshake that takes longer is given up.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Handshakes under way at once; further connections wait in the system's queue. Bounds what strangers
    /// can make the process hold.
    /// </summary>
    public int MostHandshakes { get; init; } = 64;

    /// <summary>A longer control message ends the link before memory is taken for it.</summary>
    public int MostControlBytes { get; init; } = 4 << 20;

    /// <summary>
    /// Most bytes of payload between two looks at the control queue. A network that takes long over a chunk
    /// gets shorter ones, down to 256 KiB, so that control messages wait milliseconds; larger, and less is
    /// spent on headers and on waking the other end.
    /// </summary>
    public int ChunkBytes { get; init; } = 4 << 20;

    /// <summary>Control messages waiting to be sent; one more closes the link.</summary>
    public int ControlQueue { get; init; } = 4096;

    /// <summary>Bytes of the control messages waiting to be sent; more close the link.</summary>
    public long ControlQueueBytes { get; init; } = 32 << 20;

    /// <summary>Payloads waiting to be sent; one more closes the link.</summary>
    public int PayloadQueue { get; init; } = 4096;

    /// <summary>Largest payload a peer may announce, in bytes.</summary>
    public long MostPayloadBytes { get; init; } = 64L << 30;
}

/// <summary>TLS of the platform (SslStream).</summary>
/// <param name="CertificateFile">The listening end: PEM certificate (chain).</param>
/// <param name="KeyFile">The listening end: its PEM key.</param>
/// <param name="AuthorityFile">The connecting end: PEM certificate that the other's must chain to.</param>
public sealed record LinkTls(string? CertificateFile, string? KeyFile, string? AuthorityFile);

namespace DistTrain.Server;

/// <summary>Metrics for whoever scrapes them, at /metrics.</summary>
/// <param name="Scrape">
/// Answers one scrape, given its Accept header (empty: none), with a content type and the text.
/// </param>
/// <param name="IsOpen">No token is asked for there.</param>
public sealed record MetricsOffer(
    Func<string, CancellationToken, Task<(string ContentType, byte[] Text)>> Scrape, bool IsOpen);

namespace DistTrain.Api;

/// <summary>The paths of the API, for both its ends.</summary>
public static class ApiRoutes
{
    public const string Root = "/api/v1";
    public const string Jobs = "jobs";
    public const string Cluster = "cluster";
    public const string Nodes = "nodes";
    public const string Live = "/healthz/live";
    public const string Ready = "/healthz/ready";
    public const string Metrics = "/metrics";
    public const string OpenApi = "/openapi/v1.json";

    /// <summary>The header with which a watcher that comes back names the last event it has seen.</summary>
    public const string LastEventId = "Last-Event-ID";

    /// <summary>
    /// An event stream says something at least this often; a watcher may take twice as long a silence and
    /// more for a dead connection.
    /// </summary>
    public static TimeSpan KeepAlivePeriod { get; } = TimeSpan.FromSeconds(15);

    /// <summary>Names of the files of a job in their order of <see cref="JobFile"/>.</summary>
    public static string NameOf(JobFile file) => file switch
    {
        JobFile.Job => "job",
        JobFile.Metrics => "metrics",
        JobFile.Weights => "weights",
        JobFile.Report => "report",
        JobFile.Summary => "summary",
        JobFile.Timeline => "timeline",
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, message: null),
    };
}

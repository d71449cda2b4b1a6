namespace DistTrain.Api;

/// <summary>Where a coordinator's API is, and how to talk to it.</summary>
public sealed record ClusterClientOptions
{
    /// <summary>http or https, host and port, without a path: http://127.0.0.1:5150.</summary>
    public required Uri Server { get; init; }

    /// <summary>The bearer token; null: the server wants none.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// PEM file of the certificates that the server's own must come from. null: those the system trusts.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// Is told of outages while a job is watched: one line when the connection is lost, one when it is back.
    /// </summary>
    public Action<string> Notice { get; init; } = _ => { };

    /// <summary>How long an ordinary answer may take. Longer makes a hung server look slow.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The longest silence of an event stream before it is taken for dead; the server speaks every
    /// <see cref="ApiRoutes.KeepAlivePeriod"/>.
    /// </summary>
    public TimeSpan LongestSilence { get; init; } = 3 * ApiRoutes.KeepAlivePeriod;

    /// <summary>How long a watcher tries to reach a coordinator again before it gives up.</summary>
    public TimeSpan GiveUpAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The first pause between two tries; it doubles up to <see cref="LongestPause"/>.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}

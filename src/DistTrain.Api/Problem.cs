namespace DistTrain.Api;

/// <summary>
/// What went wrong, as RFC 9457 has it; travels as application/problem+json.
/// </summary>
/// <param name="Type">One of <see cref="ProblemTypes"/>; programs decide by it.</param>
/// <param name="Title">The kind in words, the same for every problem of a type.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">One line for people about this very problem.</param>
public sealed record Problem(string Type, string Title, int Status, string? Detail)
{
    public const string MediaType = "application/problem+json";

    /// <summary>Every fault of what was sent, one line each, with its place.</summary>
    public IReadOnlyList<string>? Errors { get; init; }
}

/// <summary>The types of problems this API has. They stay as they are from version to version.</summary>
public static class ProblemTypes
{
    private const string Prefix = "urn:disttrain:problem:";

    /// <summary>400: the job or the request is at fault; <c>errors</c> has every fault.</summary>
    public const string Fault = Prefix + "fault";

    /// <summary>401: no token, or a wrong one.</summary>
    public const string Unauthorized = Prefix + "unauthorized";

    /// <summary>403: a web page of another origin asked, and no token guards this server.</summary>
    public const string CrossOrigin = Prefix + "cross-origin";

    /// <summary>404: no job of that id.</summary>
    public const string UnknownJob = Prefix + "unknown-job";

    /// <summary>404: no node of that name.</summary>
    public const string UnknownNode = Prefix + "unknown-node";

    /// <summary>404: the job is there and has not left this behind (yet).</summary>
    public const string NotThere = Prefix + "not-there";

    /// <summary>404: no such route.</summary>
    public const string NoRoute = Prefix + "no-route";

    /// <summary>409: the job or the node is in no state for the command.</summary>
    public const string Conflict = Prefix + "conflict";

    /// <summary>503: the coordinator cannot take jobs (yet).</summary>
    public const string NotReady = Prefix + "not-ready";

    /// <summary>500: the coordinator is at fault; its own log says more.</summary>
    public const string Internal = Prefix + "internal";

    /// <summary>Everything that HTTP's own status says in full.</summary>
    public const string Blank = "about:blank";
}

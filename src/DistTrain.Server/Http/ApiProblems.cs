using DistTrain.Api;
using Microsoft.AspNetCore.WebUtilities;

namespace DistTrain.Server.Http;

/// <summary>The problems of the API, each made in one place.</summary>
internal static class ApiProblems
{
    public static Problem Fault(IReadOnlyList<string> errors) => new(
        ProblemTypes.Fault, "The request is at fault", StatusCodes.Status400BadRequest,
        errors.Count == 1 ? errors[0] : $"{errors.Count} faults")
    {
        Errors = errors,
    };

    /// <summary>The body has the right form and a value that cannot be.</summary>
    public static Problem Unprocessable(string error) => new(
        ProblemTypes.Fault, "The request is at fault", StatusCodes.Status422UnprocessableEntity, error)
    {
        Errors = [error],
    };

    public static Problem Unauthorized() => new(
        ProblemTypes.Unauthorized, "A bearer token is needed", StatusCodes.Status401Unauthorized,
        "the token is missing or wrong; send it as Authorization: Bearer TOKEN");

    public static Problem CrossOrigin() => new(
        ProblemTypes.CrossOrigin, "Web pages may not use this server", StatusCodes.Status403Forbidden,
        "the request comes from a web page, and no token guards this server; start it with --token-file");

    public static Problem UnknownJob(string id) => new(
        ProblemTypes.UnknownJob, "There is no such job", StatusCodes.Status404NotFound,
        $"there is no job {id}; see the list of jobs for their ids");

    public static Problem UnknownJobSaid(string detail) => new(
        ProblemTypes.UnknownJob, "There is no such job", StatusCodes.Status404NotFound, detail);

    public static Problem UnknownNode(string detail) => new(
        ProblemTypes.UnknownNode, "There is no such node", StatusCodes.Status404NotFound, detail);

    public static Problem NotThere(string detail) => new(
        ProblemTypes.NotThere, "The job has no such thing yet", StatusCodes.Status404NotFound, detail);

    public static Problem Conflict(string detail) => new(
        ProblemTypes.Conflict, "Not possible in the present state", StatusCodes.Status409Conflict, detail);

    public static Problem NotReady(string why) => new(
        ProblemTypes.NotReady, "Not ready", StatusCodes.Status503ServiceUnavailable, why);

    public static Problem TooLarge(long limit) => new(
        ProblemTypes.Blank, "Content Too Large", StatusCodes.Status413PayloadTooLarge,
        $"the body is larger than {limit / 1024} KiB");

    /// <summary>Nothing of the cause: that is for the coordinator's own log.</summary>
    public static Problem Internal(string detail) => new(
        ProblemTypes.Internal, "The coordinator failed", StatusCodes.Status500InternalServerError, detail);

    /// <summary>What HTTP itself says of a status.</summary>
    public static Problem OfStatus(int status, HttpRequest request) => status switch
    {
        StatusCodes.Status404NotFound => new Problem(
            ProblemTypes.NoRoute, "There is no such route", status,
            $"{request.Path} is none of this API's routes; {ApiRoutes.OpenApi} lists them"),
        StatusCodes.Status405MethodNotAllowed => new Problem(
            ProblemTypes.Blank, ReasonPhrases.GetReasonPhrase(status), status,
            $"{request.Method} is not for {request.Path}; the header Allow says what is"),
        StatusCodes.Status413PayloadTooLarge => TooLarge(ApiLimits.SubmitBytes),
        StatusCodes.Status415UnsupportedMediaType => new Problem(
            ProblemTypes.Blank, ReasonPhrases.GetReasonPhrase(status), status,
            "send the body as Content-Type: application/json"),
        _ => new Problem(ProblemTypes.Blank, ReasonPhrases.GetReasonPhrase(status), status, Detail: null),
    };
}

using DistTrain.Api;
using Microsoft.AspNetCore.Http.Metadata;

namespace DistTrain.Server.Routes;

/// <summary>What a route answers, in words, for the OpenAPI document.</summary>
internal static class RouteDescriptions
{
    public static RouteHandlerBuilder Describe(
        this RouteHandlerBuilder route, string name, string summary, string description = "")
        => route.WithName(name).WithSummary(summary).WithDescription(description);

    public static RouteHandlerBuilder Answers<T>(
        this RouteHandlerBuilder route, int status, string description,
        string contentType = "application/json")
        => route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), [contentType])
        {
            Description = description,
        });

    public static RouteHandlerBuilder AnswersNothing(
        this RouteHandlerBuilder route, int status, string description)
        => route.WithMetadata(new ProducesResponseTypeMetadata(status) { Description = description });

    /// <param name="type">One of <see cref="ProblemTypes"/>.</param>
    public static RouteHandlerBuilder Fails(
        this RouteHandlerBuilder route, int status, string type, string description)
        => route.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(Problem), [Problem.MediaType])
        {
            Description = $"{description} Type: {type}",
        });

    public static RouteHandlerBuilder FailsForUnknownJob(this RouteHandlerBuilder route)
        => route.Fails(404, ProblemTypes.UnknownJob, "There is no such job.");

    /// <summary>What every route of the API may answer.</summary>
    public static RouteGroupBuilder FailsForAll(this RouteGroupBuilder group) => group.WithMetadata(
        new ProducesResponseTypeMetadata(401, typeof(Problem), [Problem.MediaType])
        {
            Description = $"The token is missing or wrong. Type: {ProblemTypes.Unauthorized}",
        },
        new ProducesResponseTypeMetadata(403, typeof(Problem), [Problem.MediaType])
        {
            Description = $"A web page asks, and no token is set. Type: {ProblemTypes.CrossOrigin}",
        },
        new ProducesResponseTypeMetadata(500, typeof(Problem), [Problem.MediaType])
        {
            Description = $"The coordinator failed. Type: {ProblemTypes.Internal}",
        });

    /// <summary>A body, without which the route answers 415.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder route) where T : notnull
        => route.Accepts<T>("application/json");
}

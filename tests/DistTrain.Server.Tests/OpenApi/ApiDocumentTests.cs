using System.Text.Json;
using DistTrain.Server.Page;
using DistTrain.Server.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;

namespace DistTrain.Server.Tests.OpenApi;

public sealed class ApiDocumentTests
{
    [Fact]
    public async Task Every_route_is_in_the_document_with_its_answers_and_problems()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        JsonElement document = JsonElement.Parse(await server.Http.GetStringAsync("/openapi/v1.json"));
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"))
            .Order().ToArray();
        var there = server.Server.Endpoints.Endpoints.OfType<RouteEndpoint>()
            .Where(route => !route.RoutePattern.RawText!.StartsWith("/openapi", StringComparison.Ordinal))
            .Where(route => !PageRoutes.Covers(route.RoutePattern.RawText))
            .SelectMany(route => route.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
                .Select(method => $"{method} {route.RoutePattern.RawText!.TrimEnd('/')}"))
            .Order().ToArray();
        described.ShouldBe(there);
        there.Length.ShouldBe(20);
        foreach (JsonProperty path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (JsonProperty operation in path.Value.EnumerateObject())
            {
                Check(path.Name, operation.Value);
            }
        }

        JsonElement schemas = document.GetProperty("components").GetProperty("schemas");
        schemas.GetProperty("JobState").GetProperty("enum").EnumerateArray().Select(word => word.GetString())
            .ShouldContain("stopped-early");
        schemas.GetProperty("Problem").GetProperty("properties").TryGetProperty("errors", out _).ShouldBeTrue();
        schemas.GetProperty("WorkerPace").GetProperty("properties").GetProperty("stepTime")
            .GetProperty("type").GetString().ShouldBe("number");
    }

    private static void Check(string path, JsonElement operation)
    {
        operation.GetProperty("summary").GetString().ShouldNotBeNullOrEmpty();
        operation.GetProperty("operationId").GetString().ShouldNotBeNullOrEmpty();
        JsonElement responses = operation.GetProperty("responses");
        foreach (JsonProperty response in responses.EnumerateObject())
        {
            response.Value.GetProperty("description").GetString().ShouldNotBeNullOrEmpty();
            if (response.Name[0] is '4' or '5'
                && response.Value.TryGetProperty("content", out JsonElement content))
            {
                content.TryGetProperty("application/problem+json", out _).ShouldBeTrue(path);
            }
        }

        if (path.StartsWith("/api", StringComparison.Ordinal))
        {
            responses.TryGetProperty("401", out _).ShouldBeTrue(path);
            operation.TryGetProperty("security", out _).ShouldBeTrue(path);
        }

        if (path.Contains("{id}", StringComparison.Ordinal))
        {
            responses.TryGetProperty("404", out _).ShouldBeTrue(path);
        }
    }
}

using DistTrain.Api;
using Microsoft.OpenApi;

namespace DistTrain.Server.OpenApi;

/// <summary>The OpenAPI document. It is made when it is first asked for, and costs a start nothing.</summary>
internal static class ApiDocument
{
    private const string Scheme = "bearer";

    public static void AddTo(IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Types with a JSON form of their own, which nothing can be read off.
            if (context.JsonTypeInfo.Type == typeof(double) || context.JsonTypeInfo.Type == typeof(double?))
            {
                schema.Type = JsonSchemaType.Number | JsonSchemaType.Null;
                schema.Format = "double";
                schema.Description = "null where it is not finite";
            }
            else if (context.JsonTypeInfo.Type == typeof(TimeSpan))
            {
                schema.Type = JsonSchemaType.Number;
                schema.Format = "double";
                schema.Description = "seconds";
            }

            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            Complete(document);
            return Task.CompletedTask;
        });
    });

    private static void Complete(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "DistTrain coordinator",
            Version = "v1",
            Description = "Members that are null are left out. Enums are kebab-case words, durations are seconds, "
                + "numbers that are not finite are null. Whatever fails answers with application/problem+json.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Scheme,
            Description = "The coordinator's token, where it was started with one.",
        };
        var needsToken = new OpenApiSecurityRequirement
        {
            [new OpenApiSecuritySchemeReference(Scheme, document)] = [],
        };
        var guarded = document.Paths
            .Where(path => path.Key.StartsWith(ApiRoutes.Root, StringComparison.Ordinal))
            .SelectMany(path => path.Value.Operations ?? []);
        foreach ((_, OpenApiOperation operation) in guarded)
        {
            operation.Security = [needsToken];
        }
    }
}

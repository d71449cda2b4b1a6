using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace DistTrain.Telemetry.Tests.Export;

/// <summary>
/// A collector for OTLP over HTTP with protobuf bodies. It reads as much of them as the tests ask about, by
/// the
/// field numbers of opentelemetry-proto.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, HashSet<string>> _metrics = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, HashSet<string>> _spans = new(StringComparer.Ordinal);

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>Names of metrics that came, by the service that sent them.</summary>
    public IReadOnlyCollection<string> MetricsOf(string service) => Of(_metrics, service);

    /// <summary>Names of spans, likewise.</summary>
    public IReadOnlyCollection<string> SpansOf(string service) => Of(_spans, service);

    public static async Task<OtlpReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        WebApplication app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.UseRouting();
        // Export…ServiceRequest: resources, each with scopes, each with metrics or spans.
        app.MapPost("/v1/metrics", request => receiver.TakeAsync(request, receiver._metrics, name: 1));
        app.MapPost("/v1/traces", request => receiver.TakeAsync(request, receiver._spans, name: 5));
        await app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(
        HttpContext context, ConcurrentDictionary<string, HashSet<string>> into, int name)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        foreach (ByteString resource in Fields(ByteString.CopyFrom(body.ToArray()), 1))
        {
            string service = ServiceOf(Fields(resource, 1).Single());
            HashSet<string> names = into.GetOrAdd(service, _ => new HashSet<string>(StringComparer.Ordinal));
            lock (names)
            {
                names.UnionWith(Fields(resource, 2).SelectMany(scope => Fields(scope, 2))
                    .Select(one => Fields(one, name).Single().ToStringUtf8()));
            }
        }

        context.Response.ContentType = "application/x-protobuf";
    }

    /// <summary>Resource: attributes = 1; KeyValue: key = 1, value = 2; AnyValue: string_value = 1.</summary>
    private static string ServiceOf(ByteString resource) => Fields(resource, 1)
        .Where(attribute => Fields(attribute, 1).Single().ToStringUtf8() == "service.name")
        .Select(attribute => Fields(Fields(attribute, 2).Single(), 1).Single().ToStringUtf8()).Single();

    /// <summary>The length-delimited fields of a message under one number.</summary>
    private static List<ByteString> Fields(ByteString message, int number)
    {
        List<ByteString> found = [];
        using CodedInputStream input = message.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag == WireFormat.MakeTag(number, WireFormat.WireType.LengthDelimited))
            {
                found.Add(input.ReadBytes());
            }
            else
            {
                input.SkipLastField();
            }
        }

        return found;
    }

    private static IReadOnlyCollection<string> Of(
        ConcurrentDictionary<string, HashSet<string>> all, string service)
    {
        if (!all.TryGetValue(service, out HashSet<string>? names))
        {
            return [];
        }

        lock (names)
        {
            return [.. names];
        }
    }
}

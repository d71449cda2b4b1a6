using System.Net.Sockets;
using DistTrain.Core;
using DistTrain.Server.Http;
using DistTrain.Server.Routes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace DistTrain.Server;

/// <summary>
/// /metrics and nothing else, for a process that has no API: a worker, a training on one machine. Without
/// TLS.
/// </summary>
public sealed class MetricsServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MetricsServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Where it really listens.</summary>
    public Uri Address { get; }

    /// <param name="options">Address, token and what is offered; the rest is for an API.</param>
    /// <param name="cancellation">Calls the start off.</param>
    /// <exception cref="UserFaultException">The address is taken or not this machine's.</exception>
    public static async Task<MetricsServer> StartAsync(
        ApiServerOptions options, CancellationToken cancellation = default)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ApiLimits.Apply(kestrel.Limits);
            kestrel.Listen(options.Listen);
        });
        builder.Logging.AddProvider(new WarningLog(options.Warn));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        WebApplication app = builder.Build();
        app.UseMiddleware<ProblemMiddleware>(options);
        app.UseMiddleware<AccessMiddleware>(options);
        app.UseRouting();
        MetricsRoutes.Map(app, options.Metrics);
        try
        {
            await app.StartAsync(cancellation);
            string address = app.Services.GetRequiredService<IServer>()
                .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
            return new MetricsServer(app, new Uri(address));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new UserFaultException(
                $"--metrics {options.Listen}: it cannot be listened on ({e.Message.TrimEnd('.')}); "
                + "name another address and port", e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}

using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DistTrain.Api;
using DistTrain.Api.Json;
using DistTrain.Core;
using DistTrain.Server.Http;
using DistTrain.Server.OpenApi;
using DistTrain.Server.Page;
using DistTrain.Server.Routes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;

namespace DistTrain.Server;

/// <summary>
/// A coordinator's API over HTTP. Built of the parts it uses and no others: no configuration files, no
/// environment, no console log, which is most of what a web application's start takes.
/// </summary>
public sealed class ApiServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ApiServer(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Where it really listens: http or https, address, port.</summary>
    public Uri Address { get; }

    /// <summary>Every route there is.</summary>
    internal EndpointDataSource Endpoints => _app.Services.GetRequiredService<EndpointDataSource>();

    /// <exception cref="UserFaultException">The address is taken or not this machine's, or the certificate
    /// cannot be used.</exception>
    public static async Task<ApiServer> StartAsync(
        IClusterControl control, ApiServerOptions options, CancellationToken cancellation = default)
    {
        WebApplication app = Build(control, options);
        try
        {
            await app.StartAsync(cancellation);
            string address = app.Services.GetRequiredService<IServer>()
                .Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single();
            return new ApiServer(app, new Uri(address));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new UserFaultException(
                $"--http {options.Listen}: it cannot be listened on ({e.Message.TrimEnd('.')}); "
                + "name another address and port", e);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Ends the streams of watchers, lets requests in progress finish for some seconds, and closes.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static WebApplication Build(IClusterControl control, ApiServerOptions options)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        X509Certificate2Collection? certificates = LoadCertificates(options);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ApiLimits.Apply(kestrel.Limits);
            kestrel.Listen(options.Listen, endpoint =>
            {
                if (certificates is not null)
                {
                    endpoint.UseHttps(https =>
                    {
                        https.ServerCertificate = certificates[0];
                        https.ServerCertificateChain = certificates;
                    });
                }
            });
        });
        if (certificates is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Logging.AddProvider(new WarningLog(options.Warn));
        builder.Services.AddRoutingCore();
        Compression.AddTo(builder.Services);
        builder.Services.AddSingleton(control);
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
        ApiDocument.AddTo(builder.Services);

        WebApplication app = builder.Build();
        app.UseResponseCompression();
        app.UseMiddleware<ProblemMiddleware>(options);
        app.UseMiddleware<AccessMiddleware>(options);
        app.UseRouting();
        RouteGroupBuilder api = app.MapGroup(ApiRoutes.Root).FailsForAll();
        JobRoutes.Map(api, options);
        ClusterRoutes.Map(api);
        HealthRoutes.Map(app, options);
        PageRoutes.Map(app);
        MetricsRoutes.Map(app, options.Metrics);
        app.MapOpenApi(ApiRoutes.OpenApi);
        return app;
    }

    /// <summary>The server's own certificate first; null: no TLS.</summary>
    private static X509Certificate2Collection? LoadCertificates(ApiServerOptions options)
    {
        if (options.CertificateFile is not { } file)
        {
            return null;
        }

        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(file);
            X509Certificate2 own = X509Certificate2.CreateFromPemFile(file, options.KeyFile);

            // Windows' TLS takes no key that was never stored; one that came out of PKCS #12 is.
            chain[0] = OperatingSystem.IsWindows()
                ? X509CertificateLoader.LoadPkcs12(own.Export(X509ContentType.Pkcs12), password: null) : own;
            return chain;
        }
        catch (Exception e) when (
            e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new UserFaultException(
                $"--tls-cert {file}, --tls-key {options.KeyFile}: they cannot be used "
                + $"({e.Message.ReplaceLineEndings(" ").TrimEnd('.')}); "
                + "give PEM files of a certificate and its key", e);
        }
    }
}

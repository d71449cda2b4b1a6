using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using DistTrain.Api.Json;
using DistTrain.Core;

namespace DistTrain.Api.Client;

/// <summary>One coordinator's HTTP: requests out, answers or faults back.</summary>
internal sealed class ServerConnection : IDisposable
{
    private const long MostAnswerBytes = 64 << 20;

    private readonly ClusterClientOptions _options;
    private readonly HttpClient _http;

    public ServerConnection(ClusterClientOptions options)
    {
        if (options.Server is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            throw new UserFaultException(
                $"--server {options.Server}: give it as http://HOST:PORT or https://HOST:PORT");
        }

        _options = options;
        Faults = new ServerFaults(options.Server);
        _http = new HttpClient(Handler(options))
        {
            BaseAddress = new Uri(Faults.Server + ApiRoutes.Root + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MostAnswerBytes,
        };
        if (options.Token is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public ServerFaults Faults { get; }

    /// <summary>
    /// Sends a request and gives the answer as soon as its headers are there, whatever its status.
    /// </summary>
    /// <exception cref="UserFaultException">Nobody answers.</exception>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, HttpContent? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        return await SendAsync(request, cancellation);
    }

    /// <inheritdoc cref="SendAsync(HttpMethod, string, HttpContent, CancellationToken)"/>
    public async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_options.AnswerTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (HttpRequestException e)
        {
            throw Faults.Unreachable(e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Faults.TooSlow(_options.AnswerTimeout);
        }
    }

    /// <summary>The value of a successful answer.</summary>
    /// <exception cref="DistTrainException">What the answer says instead.</exception>
    public async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await Faults.OfAsync(response, cancellation);
        }

        try
        {
            return ApiJson.Read<T>(await BytesAsync(response, cancellation));
        }
        catch (JsonException e)
        {
            throw Faults.NotOurs(ServerFaults.Reason(e));
        }
    }

    /// <summary>The whole body, within the time of an answer.</summary>
    public async Task<byte[]> BytesAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(_options.AnswerTimeout, _options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await response.Content.ReadAsByteArrayAsync(either.Token);
        }
        catch (HttpRequestException e)
        {
            throw Faults.Unreachable(e);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Faults.TooSlow(_options.AnswerTimeout);
        }
    }

    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Handler(ClusterClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AllowAutoRedirect = false,
            UseCookies = false,

            // A coordinator is a machine of one's own: no proxy stands between.
            UseProxy = false,
        };
        if (options.CaFile is { } file)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(Authorities(file));
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }

        return handler;
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0
                ? authorities
                : throw new UserFaultException($"--tls-ca {file}: there is no certificate in PEM in it");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new UserFaultException($"--tls-ca {file}: it cannot be read ({ServerFaults.Reason(e)})", e);
        }
    }
}

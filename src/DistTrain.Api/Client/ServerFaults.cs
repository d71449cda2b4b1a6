using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using DistTrain.Api.Json;
using DistTrain.Core;

namespace DistTrain.Api.Client;

/// <summary>What a failed call means, in the faults that a user is shown.</summary>
internal sealed class ServerFaults(Uri server)
{
    /// <summary>A problem is a page of text at the very most; more is not read.</summary>
    private const int MostProblemBytes = 1 << 20;

    /// <summary>As the user gave it, without a path.</summary>
    public string Server { get; } = server.GetLeftPart(UriPartial.Authority);

    /// <summary>
    /// Whether trying again may help: nobody answered, or the coordinator was at fault or not ready.
    /// </summary>
    public static bool MayPass(DistTrainException fault)
        => fault is RunFaultException || fault.InnerException is TimeoutException
            || (fault.InnerException is HttpRequestException e && !IsDistrust(e));

    /// <summary>Nobody answered.</summary>
    public UserFaultException Unreachable(Exception cause) => IsDistrust(cause)
        ? new UserFaultException(
            $"{Server}: its certificate is not trusted or it does not speak TLS ({Reason(cause)}); "
            + "name the file of its authority with --tls-ca, or use http://", cause)
        : new UserFaultException(
            $"{Server}: no coordinator answers there ({Reason(cause)}); "
            + "start one with disttrain coordinator, or name another with --server", cause);

    public UserFaultException TooSlow(TimeSpan waited)
        => Unreachable(new TimeoutException($"no answer within {waited.TotalSeconds} s"));

    /// <summary>Something answered, and it was not this API.</summary>
    public UserFaultException NotOurs(string what) => new(
        $"{Server}: what answers there is not a DistTrain coordinator of this version ({what}); "
        + "name another with --server");

    /// <summary>The fault that an answer which is no success stands for.</summary>
    public async Task<DistTrainException> OfAsync(
        HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            return new UserFaultException(
                $"{Server}: the coordinator does not accept the token; "
                + "name its file with --token-file, or set DISTTRAIN_TOKEN");
        }

        Problem? problem = await ProblemAsync(response, cancellation);
        return problem switch
        {
            null => NotOurs($"HTTP {(int)response.StatusCode}"),
            { Errors: { Count: > 0 } errors } => new UserFaultException(errors),
            { Status: >= 500 } => new RunFaultException($"{Server}: {problem.Detail ?? problem.Title}"),
            _ => new UserFaultException($"{Server}: {problem.Detail ?? problem.Title}"),
        };
    }

    /// <summary>null: the answer holds no problem of this API.</summary>
    public static async Task<Problem?> ProblemAsync(
        HttpResponseMessage response, CancellationToken cancellation)
    {
        MediaTypeHeaderValue? type = response.Content.Headers.ContentType;
        if (type?.MediaType != Problem.MediaType)
        {
            return null;
        }

        try
        {
            await response.Content.LoadIntoBufferAsync(MostProblemBytes, cancellation);
            return ApiJson.Read<Problem>(await response.Content.ReadAsByteArrayAsync(cancellation));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsDistrust(Exception cause)
        => cause is HttpRequestException { InnerException: AuthenticationException };

    /// <summary>The system's words on one line, of what HTTP wraps, without a full stop.</summary>
    public static string Reason(Exception cause)
    {
        while (cause is HttpRequestException or AuthenticationException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        string text = cause is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
            ? "connection refused" : cause.Message;
        return text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
    }
}

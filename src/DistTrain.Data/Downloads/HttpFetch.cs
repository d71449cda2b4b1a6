using System.Net;
using System.Net.Http.Headers;
using DistTrain.Core;
using DistTrain.Data.Catalog;

namespace DistTrain.Data.Downloads;

/// <summary>
/// One request for one file: continues what is there where the server agrees, starts over where it does not,
/// and never writes a byte beyond the pinned size.
/// </summary>
internal sealed class HttpFetch(
    HttpClient client, DownloadOptions options, TimeProvider time, IProgress<DownloadProgress>? progress)
{
    /// <exception cref="DownloadFault">Whatever the server or the network did wrong.</exception>
    /// <exception cref="RunFaultException">The disk cannot be written.</exception>
    public async Task FetchAsync(
        RemoteFile file, Uri address, PartFile part, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stall.CancelAfter(options.StallTimeout);
        try
        {
            await FetchAsync(file, address, part, stall);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DownloadFault(
                $"sent nothing for {options.StallTimeout.TotalSeconds} s", isPassing: true, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new DownloadFault(e.Message, isPassing: true, e);
        }
    }

    private async Task FetchAsync(RemoteFile file, Uri address, PartFile part, CancellationTokenSource stall)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        EntityTagHeaderValue? tag = part.TagFor(address);
        long have = part.Length;
        if (tag is not null && have < file.Bytes)
        {
            request.Headers.Range = new RangeHeaderValue(have, null);
            request.Headers.IfRange = new RangeConditionHeaderValue(tag);
        }

        using HttpResponseMessage response =
            await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token);
        long from = StartOf(response, request, file, have);
        await using Stream body = await response.Content.ReadAsStreamAsync(stall.Token);
        await using FileStream stream =
            part.Open(from, address, response.Headers.ETag ?? (from > 0 ? tag : null));
        await CopyAsync(file, body, stream, from, stall);
    }

    /// <summary>Where the body begins in the file, once the response has been found acceptable.</summary>
    private static long StartOf(
        HttpResponseMessage response, HttpRequestMessage request, RemoteFile file, long have)
    {
        if (!response.IsSuccessStatusCode)
        {
            int status = (int)response.StatusCode;
            throw new DownloadFault(
                $"answered {status} {response.ReasonPhrase}", isPassing: status is 408 or 429 or >= 500);
        }

        bool continues = response.StatusCode == HttpStatusCode.PartialContent;
        if (continues
            && (request.Headers.Range is null || response.Content.Headers.ContentRange?.From != have))
        {
            throw new DownloadFault("answered with a range that was not asked for", isPassing: false);
        }

        long from = continues ? have : 0;
        return response.Content.Headers.ContentLength is { } length && from + length != file.Bytes
            ? throw new DownloadFault(
                $"offers {from + length} bytes; the pinned size is {file.Bytes}", isPassing: false)
            : from;
    }

    private async Task CopyAsync(
        RemoteFile file, Stream body, FileStream stream, long from, CancellationTokenSource stall)
    {
        long started = time.GetTimestamp(), at = from;
        byte[] buffer = new byte[1 << 16];
        progress?.Report(new DownloadProgress(file.Name, at, file.Bytes, 0));
        while (await body.ReadAsync(buffer, stall.Token) is > 0 and int held)
        {
            if (at + held > file.Bytes)
            {
                throw new DownloadFault($"sends more than the pinned {file.Bytes} bytes", isPassing: false);
            }

            await WriteAsync(stream, buffer.AsMemory(0, held), stall.Token);
            at += held;
            stall.CancelAfter(options.StallTimeout);
            double seconds = time.GetElapsedTime(started).TotalSeconds;
            progress?.Report(new DownloadProgress(
                file.Name, at, file.Bytes, seconds > 0 ? (at - from) / seconds : 0));
        }

        if (at < file.Bytes)
        {
            throw new DownloadFault($"stopped after {at} of {file.Bytes} bytes", isPassing: true);
        }
    }

    private static async Task WriteAsync(
        FileStream stream, ReadOnlyMemory<byte> bytes, CancellationToken token)
    {
        try
        {
            await stream.WriteAsync(bytes, token);
        }
        catch (IOException e)
        {
            throw new RunFaultException($"{stream.Name}: cannot be written: {e.Message}", e);
        }
    }
}

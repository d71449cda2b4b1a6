using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using DistTrain.Api;
using DistTrain.Api.Json;

namespace DistTrain.Server.Streaming;

/// <summary>
/// The events of a job as server-sent events: the sequence is the id, the part is the type, the event as JSON
/// the data.
/// <code>
///   id: 17
///   event: epoch
///   data: {"sequence":17,"time":"…","epoch":{…}}
/// </code>
/// A comment goes out when nothing else has for <see cref="ApiRoutes.KeepAlivePeriod"/>. Back-pressure is the
/// connection's: while the client does not read, no further event is asked for.
/// </summary>
internal sealed class EventStreamResult(
    IAsyncEnumerable<JobEvent> events, bool mayBeOver, TimeProvider time, CancellationToken ending) : IResult
{
    /// <summary>While events come without a wait, they are sent in pieces of about this size.</summary>
    private const int MostUnflushedBytes = 16 << 10;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            httpContext.RequestAborted, ending);
        await using IAsyncEnumerator<JobEvent> source = events.GetAsyncEnumerator(either.Token);
        try
        {
            Task<bool> next = source.MoveNextAsync().AsTask();
            if (mayBeOver && !await next)
            {
                // The word of this protocol for "do not come back": there will never be more.
                httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }

            await StreamAsync(httpContext.Response, source, next, either);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            // The client has gone, or the server is going: the stream ends, and the client may come back.
        }
    }

    private async Task StreamAsync(
        HttpResponse response, IAsyncEnumerator<JobEvent> source, Task<bool> next,
        CancellationTokenSource ending)
    {
        CancellationToken ended = ending.Token;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        PipeWriter body = response.BodyWriter;
        body.Write(": events of a job\n\n"u8);
        using var keepAlive = new PeriodicTimer(ApiRoutes.KeepAlivePeriod, time);
        Task<bool> tick = keepAlive.WaitForNextTickAsync(ended).AsTask();
        int unflushed = 0;
        try
        {
            while (true)
            {
                if (!next.IsCompleted || unflushed > MostUnflushedBytes)
                {
                    await body.FlushAsync(ended);
                    unflushed = 0;
                }

                if (await Task.WhenAny(next, tick) == next)
                {
                    if (!await next)
                    {
                        return;
                    }

                    unflushed += Write(body, source.Current);
                    next = source.MoveNextAsync().AsTask();
                }
                else
                {
                    await tick;
                    body.Write(": still here\n\n"u8);
                    tick = keepAlive.WaitForNextTickAsync(ended).AsTask();
                }
            }
        }
        finally
        {
            // An enumerator must not be disposed while it is asked for more.
            await ending.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The bytes of it.</summary>
    private static int Write(PipeWriter body, JobEvent happened)
    {
        string head = string.Create(
            CultureInfo.InvariantCulture, $"id: {happened.Sequence}\nevent: {TypeOf(happened)}\ndata: ");
        byte[] data = ApiJson.Write(happened); // on one line
        Encoding.UTF8.GetBytes(head, body);
        body.Write(data);
        body.Write("\n\n"u8);
        return head.Length + data.Length + 2;
    }

    private static string TypeOf(JobEvent happened) => happened switch
    {
        { Step: not null } => "step",
        { State: not null } => "state",
        { Started: not null } => "started",
        { Evaluating: not null } => "evaluating",
        { Epoch: not null } => "epoch",
        { Validation: not null } => "validation",
        { Workers: not null } => "workers",
        { Notice: not null } => "notice",
        { Result: not null } => "result",
        _ => throw new InvalidOperationException($"event {happened.Sequence} has no part"),
    };
}

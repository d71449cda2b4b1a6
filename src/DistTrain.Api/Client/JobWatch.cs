using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using DistTrain.Api.Json;
using DistTrain.Core;

namespace DistTrain.Api.Client;

/// <summary>
/// Watches a job over as many connections as it takes. The server numbers events; whenever a connection ends
/// before the job's result, the next one asks for what comes after the last number seen, so that nothing is
/// missing and nothing comes twice, also across a restart of the coordinator.
/// </summary>
internal sealed class JobWatch(ServerConnection connection, ClusterClientOptions options, string id)
{
    private long _last;

    /// <exception cref="DistTrainException">There is no such job, nobody answers at first, or nobody has
    /// answered for <see cref="ClusterClientOptions.GiveUpAfter"/>.</exception>
    public async IAsyncEnumerable<JobEvent> EventsAsync(
        long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        _last = after;
        var outage = new Outage(options, connection.Faults);
        HttpResponseMessage? response = await ConnectAsync(cancellation);
        while (response is not null)
        {
            using (response)
            {
                await using Stream body = new SilenceLimit(
                    await response.Content.ReadAsStreamAsync(cancellation), options.LongestSilence,
                    options.Time);
                await using IAsyncEnumerator<SseItem<JobEvent>> items = SseParser
                    .Create(body, (_, data) => ApiJson.Read<JobEvent>(data))
                    .EnumerateAsync(cancellation).GetAsyncEnumerator(cancellation);
                while (await NextAsync(items, outage) is { } happened)
                {
                    if (happened.Sequence <= _last)
                    {
                        continue;
                    }

                    _last = happened.Sequence;
                    yield return happened;
                    if (happened.Result is not null)
                    {
                        yield break;
                    }
                }
            }

            response = await ReconnectAsync(outage, cancellation);
        }
    }

    /// <summary>null: the connection has ended, whichever way.</summary>
    private async Task<JobEvent?> NextAsync(IAsyncEnumerator<SseItem<JobEvent>> items, Outage outage)
    {
        try
        {
            if (!await items.MoveNextAsync())
            {
                outage.Begin("the coordinator ended it");
                return null;
            }

            outage.End();
            return items.Current.Data;
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            outage.Begin(ServerFaults.Reason(e));
            return null;
        }
        catch (JsonException e)
        {
            throw connection.Faults.NotOurs(ServerFaults.Reason(e));
        }
    }

    private async Task<HttpResponseMessage?> ReconnectAsync(Outage outage, CancellationToken cancellation)
    {
        while (true)
        {
            await outage.PauseAsync(cancellation);
            try
            {
                HttpResponseMessage? response = await ConnectAsync(cancellation);
                outage.Healed();
                return response;
            }
            catch (DistTrainException e) when (ServerFaults.MayPass(e) && !outage.IsTooLong)
            {
                // Told when it began; told again when it ends or has lasted too long.
            }
        }
    }

    /// <summary>null: the job is finished and nothing has happened since.</summary>
    private async Task<HttpResponseMessage?> ConnectAsync(CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{ApiRoutes.Jobs}/{Uri.EscapeDataString(id)}/events");
        request.Headers.Add(ApiRoutes.LastEventId, _last.ToString(CultureInfo.InvariantCulture));
        HttpResponseMessage response = await connection.SendAsync(request, cancellation);
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return response;
        }

        using (response)
        {
            return response.StatusCode == HttpStatusCode.NoContent
                ? null
                : throw await connection.Faults.OfAsync(response, cancellation);
        }
    }
}

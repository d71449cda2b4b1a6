using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using DistTrain.Api.Client;
using DistTrain.Api.Json;
using DistTrain.Core;
using DistTrain.Core.Cluster;

namespace DistTrain.Api;

/// <summary>
/// A coordinator over HTTP. Its faults are those of <see cref="IClusterControl"/>; besides, any call may
/// throw <see cref="UserFaultException"/> when nobody answers or the token is not accepted, and
/// <see cref="RunFaultException"/> when the coordinator itself fails.
/// </summary>
/// <param name="options">Where it is and how to talk to it.</param>
public sealed class ClusterClient(ClusterClientOptions options) : IClusterControl, IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    private readonly ServerConnection _connection = new(options);

    public async Task<JobView> SubmitAsync(SubmitRequest request, CancellationToken cancellation = default)
    {
        // As text and not as an object: a job that is no JSON at all is for the server to explain.
        var body = new SubmitBody
        {
            Job = JsonElement.Parse(ApiJson.Write(request.JobJson)),
            Source = request.Source,
            Set = request.Set,
        };
        using HttpResponseMessage response = await PostAsync(ApiRoutes.Jobs, Content(body), cancellation);
        return await _connection.ReadAsync<JobView>(response, cancellation);
    }

    public async Task<IReadOnlyList<JobView>> JobsAsync(CancellationToken cancellation = default)
    {
        using HttpResponseMessage response = await GetAsync(ApiRoutes.Jobs, cancellation);
        return (await _connection.ReadAsync<JobList>(response, cancellation)).Jobs;
    }

    public async Task<JobView?> JobAsync(string id, CancellationToken cancellation = default)
    {
        using HttpResponseMessage response = await GetAsync(JobPath(id), cancellation);
        return await IsMissingAsync(response, cancellation)
            ? null : await _connection.ReadAsync<JobView>(response, cancellation);
    }

    public Task<CommandResult> PauseAsync(string id, CancellationToken cancellation = default)
        => CommandAsync($"{JobPath(id)}/pause", body: null, cancellation);

    public Task<CommandResult> ResumeAsync(string id, CancellationToken cancellation = default)
        => CommandAsync($"{JobPath(id)}/resume", body: null, cancellation);

    public Task<CommandResult> StopAsync(string id, CancellationToken cancellation = default)
        => CommandAsync($"{JobPath(id)}/stop", body: null, cancellation);

    public Task<CommandResult> ScaleAsync(string id, int workers, CancellationToken cancellation = default)
        => CommandAsync($"{JobPath(id)}/scale", Content(new ScaleBody(workers)), cancellation);

    public async Task<ClusterView> ClusterAsync(CancellationToken cancellation = default)
    {
        using HttpResponseMessage response = await GetAsync(ApiRoutes.Cluster, cancellation);
        return await _connection.ReadAsync<ClusterView>(response, cancellation);
    }

    public Task<CommandResult> DrainAsync(string node, CancellationToken cancellation = default)
        => CommandAsync(
            $"{ApiRoutes.Cluster}/{ApiRoutes.Nodes}/{Uri.EscapeDataString(node)}/drain", body: null,
            cancellation);

    /// <summary>
    /// As <see cref="IClusterControl.WatchAsync"/>, across lost connections and restarts of the coordinator.
    /// </summary>
    /// <exception cref="UserFaultException">There is no such job, or nobody answers.</exception>
    public IAsyncEnumerable<JobEvent> WatchAsync(
        string id, long after, CancellationToken cancellation = default)
        => new JobWatch(_connection, options, id).EventsAsync(after, cancellation);

    public async Task<StepCurve?> StepsAsync(string id, int points, CancellationToken cancellation = default)
    {
        using HttpResponseMessage response = await GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"{JobPath(id)}/steps?points={points}"),
            cancellation);
        return await IsMissingAsync(response, cancellation)
            ? null : await _connection.ReadAsync<StepCurve>(response, cancellation);
    }

    public async Task<string?> ResultAsync(string id, CancellationToken cancellation = default)
    {
        using HttpResponseMessage response = await GetAsync($"{JobPath(id)}/result", cancellation);
        if (await IsMissingAsync(response, cancellation))
        {
            return null;
        }

        await EnsureSuccessAsync(response, cancellation);
        return Encoding.UTF8.GetString(await _connection.BytesAsync(response, cancellation));
    }

    public async Task<Stream?> FileAsync(string id, JobFile file, CancellationToken cancellation = default)
    {
        HttpResponseMessage response = await GetAsync(
            $"{JobPath(id)}/files/{ApiRoutes.NameOf(file)}", cancellation);
        try
        {
            if (!await IsMissingAsync(response, cancellation))
            {
                await EnsureSuccessAsync(response, cancellation);
                return await response.Content.ReadAsStreamAsync(cancellation); // takes the connection along
            }

            response.Dispose();
            return null;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }

    public void Dispose() => _connection.Dispose();

    private static string JobPath(string id) => $"{ApiRoutes.Jobs}/{Uri.EscapeDataString(id)}";

    private static ByteArrayContent Content<T>(T body)
        => new(ApiJson.Write(body)) { Headers = { ContentType = Json } };

    /// <summary>A thing this API knows by type and does not have; any other 404 is a fault.</summary>
    private static async Task<bool> IsMissingAsync(
        HttpResponseMessage response, CancellationToken cancellation)
        => response.StatusCode == HttpStatusCode.NotFound
            && await ServerFaults.ProblemAsync(response, cancellation) is
            { Type: ProblemTypes.UnknownJob or ProblemTypes.UnknownNode or ProblemTypes.NotThere };

    private Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellation)
        => _connection.SendAsync(HttpMethod.Get, path, body: null, cancellation);

    private Task<HttpResponseMessage> PostAsync(
        string path, HttpContent? body, CancellationToken cancellation)
        => _connection.SendAsync(HttpMethod.Post, path, body, cancellation);

    private async Task<CommandResult> CommandAsync(
        string path, HttpContent? body, CancellationToken cancellation)
    {
        using HttpResponseMessage response = await PostAsync(path, body, cancellation);
        CommandStatus? refusal = response.StatusCode switch
        {
            HttpStatusCode.NotFound when await IsMissingAsync(response, cancellation)
                => CommandStatus.NotFound,
            HttpStatusCode.Conflict => CommandStatus.Conflict,
            _ => null,
        };
        if (refusal is { } status
            && await ServerFaults.ProblemAsync(response, cancellation) is { } problem)
        {
            return new CommandResult(status, problem.Detail ?? problem.Title);
        }

        CommandReply reply = await _connection.ReadAsync<CommandReply>(response, cancellation);
        return new CommandResult(reply.Status, reply.Text);
    }

    private async Task EnsureSuccessAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (!response.IsSuccessStatusCode)
        {
            throw await _connection.Faults.OfAsync(response, cancellation);
        }
    }
}

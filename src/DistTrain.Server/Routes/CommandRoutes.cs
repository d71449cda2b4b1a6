using System.Text.Json;
using DistTrain.Api;
using DistTrain.Core.Cluster;
using DistTrain.Server.Http;

namespace DistTrain.Server.Routes;

/// <summary>What changes something: POST, each of it.</summary>
internal static class CommandRoutes
{
    private const string JobProperty = "job";

    private delegate Task<CommandResult> Command(
        IClusterControl control, string id, CancellationToken cancellation);

    public static void Map(RouteGroupBuilder jobs)
    {
        jobs.MapPost("", SubmitAsync).Takes<SubmitBody>()
            .Describe("submitJob", "Puts a job into the queue",
                "The body is a SubmitBody, or a job file alone: an object without a member named job.")
            .Answers<JobView>(201, "The job, in the queue; the header Location has its path.")
            .Fails(400, ProblemTypes.Fault, "The job or the body is at fault; errors has every fault.")
            .Fails(413, ProblemTypes.Blank, $"The body is larger than {ApiLimits.SubmitBytes >> 20} MiB.")
            .Fails(415, ProblemTypes.Blank, "The body is not sent as application/json.");
        MapCommand(jobs, "pause", "Saves a job and takes its workers away until it is resumed",
            (control, id, cancellation) => control.PauseAsync(id, cancellation));
        MapCommand(jobs, "resume", "Puts a paused job into the queue again",
            (control, id, cancellation) => control.ResumeAsync(id, cancellation));
        MapCommand(jobs, "stop", "Ends a job for good; its last weights are kept",
            (control, id, cancellation) => control.StopAsync(id, cancellation));
        jobs.MapPost("{id}/scale", ScaleAsync).Takes<ScaleBody>()
            .Describe("scaleJob", "Sets the most workers a job is given")
            .AnswersCommand().FailsForUnknownJob()
            .Fails(400, ProblemTypes.Fault, "The body is not a ScaleBody.")
            .Fails(413, ProblemTypes.Blank, $"The body is larger than {ApiLimits.BodyBytes >> 10} KiB.")
            .Fails(415, ProblemTypes.Blank, "The body is not sent as application/json.")
            .Fails(422, ProblemTypes.Fault, "The number of workers is none from 1.");
    }

    public static RouteHandlerBuilder AnswersCommand(this RouteHandlerBuilder route) => route
        .Answers<CommandReply>(200, "It is done, or begun.")
        .Fails(409, ProblemTypes.Conflict, "Not possible in the present state; why is told.");

    /// <param name="result">How the command went.</param>
    /// <param name="unknown">The problem where nothing of that name exists.</param>
    public static IResult Answer(CommandResult result, Func<string, Problem> unknown) => result.Status switch
    {
        CommandStatus.Done => Results.Ok(new CommandReply(result.Status, result.Text)),
        CommandStatus.NotFound => new ProblemResult(unknown(result.Text)),
        CommandStatus.Conflict => new ProblemResult(ApiProblems.Conflict(result.Text)),
        _ => throw new ArgumentOutOfRangeException(nameof(result), result.Status, message: null),
    };

    private static void MapCommand(RouteGroupBuilder jobs, string name, string summary, Command command)
        => jobs.MapPost($"{{id}}/{name}", async (
                string id, IClusterControl control, CancellationToken cancellation)
                => Answer(await command(control, id, cancellation), ApiProblems.UnknownJobSaid))
            .Describe($"{name}Job", summary)
            .AnswersCommand().FailsForUnknownJob();

    private static async Task<IResult> SubmitAsync(
        HttpContext context, IClusterControl control, CancellationToken cancellation)
    {
        byte[] body = await RequestBody.ReadAsync(context.Request, ApiLimits.SubmitBytes, cancellation);
        JobView job = await control.SubmitAsync(Submission(body), cancellation);
        return Results.Created($"{ApiRoutes.Root}/{ApiRoutes.Jobs}/{Uri.EscapeDataString(job.Id)}", job);
    }

    private static SubmitRequest Submission(byte[] body)
    {
        using JsonDocument whole = RequestBody.Parse(body);
        if (whole.RootElement.ValueKind != JsonValueKind.Object
            || !whole.RootElement.TryGetProperty(JobProperty, out JsonElement job))
        {
            return new SubmitRequest(whole.RootElement.GetRawText(), "job", []);
        }

        SubmitBody given = RequestBody.Read<SubmitBody>(body);
        string text = job.ValueKind == JsonValueKind.String ? job.GetString()! : job.GetRawText();
        return new SubmitRequest(text, given.Source ?? "job", given.Set ?? []);
    }

    private static async Task<IResult> ScaleAsync(
        string id, HttpContext context, IClusterControl control, CancellationToken cancellation)
    {
        byte[] body = await RequestBody.ReadAsync(context.Request, ApiLimits.BodyBytes, cancellation);
        ScaleBody given = RequestBody.Read<ScaleBody>(body);
        return given.Workers is { } workers and > 0
            ? Answer(await control.ScaleAsync(id, workers, cancellation), ApiProblems.UnknownJobSaid)
            : new ProblemResult(ApiProblems.Unprocessable(
                $"workers: {given.Workers?.ToString() ?? "it is missing"}; give a whole number from 1"));
    }
}

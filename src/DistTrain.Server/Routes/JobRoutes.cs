using DistTrain.Api;
using DistTrain.Api.Json;
using DistTrain.Server.Http;
using DistTrain.Server.Streaming;
using Microsoft.Extensions.Primitives;

namespace DistTrain.Server.Routes;

/// <summary>Jobs: to look at, to watch, and what they leave behind.</summary>
internal static class JobRoutes
{
    public static void Map(RouteGroupBuilder api, ApiServerOptions options)
    {
        RouteGroupBuilder jobs = api.MapGroup(ApiRoutes.Jobs).WithTags("jobs");
        jobs.MapGet("", async (IClusterControl control, CancellationToken cancellation)
                => Results.Ok(new JobList(await control.JobsAsync(cancellation))))
            .Describe("listJobs", "All jobs, finished ones included, in the order of submission")
            .Answers<JobList>(200, "The jobs.");
        jobs.MapGet("{id}", async (string id, IClusterControl control, CancellationToken cancellation)
                => Results.Ok(await FindAsync(control, id, cancellation)))
            .Describe("getJob", "A job")
            .Answers<JobView>(200, "The job.").FailsForUnknownJob();
        jobs.MapGet("{id}/result", ResultAsync)
            .Describe("getResult", "The result object of a finished job",
                "The same object as train --json prints; docs/formats.md has its members.")
            .Answers<object>(200, "The result object.").FailsForUnknownJob()
            .Fails(404, ProblemTypes.NotThere, "The job is not finished; its state is told.");
        jobs.MapGet("{id}/steps", StepsAsync)
            .Describe("getSteps", "The steps so far, thinned, as columns to draw curves from",
                "The parameter points bounds how many, evenly chosen: from " + $"{StepCurve.FewestPoints} to "
                + $"{StepCurve.MostPoints}, by default {StepCurve.DefaultPoints}.")
            .Answers<StepCurve>(200, "The columns.")
            .Fails(400, ProblemTypes.Fault, "The number of points is out of bounds.")
            .FailsForUnknownJob();
        jobs.MapGet("{id}/events", (string id, long? after, HttpContext context, IClusterControl control,
                IHostApplicationLifetime life) => WatchAsync(
                    id, after, context, control, options.Time, life.ApplicationStopping))
            .Describe("watchJob", "The events of a job, as server-sent events",
                "Kept events after the given one, then all as they happen; the stream ends after the event "
                + "of type result. The id of an event is its sequence. The header Last-Event-ID, or else "
                + "the parameter after, names the last one seen; without either all kept ones come. A slow "
                + "reader loses steps. A comment comes at least every "
                + $"{ApiRoutes.KeepAlivePeriod.Seconds} s.")
            .Answers<JobEvent>(200, "The stream; the data of each event is a JobEvent.", "text/event-stream")
            .AnswersNothing(204, "The job is finished, and nothing has happened after the given event.")
            .Fails(400, ProblemTypes.Fault, "The last event is not named by a number from 0.")
            .FailsForUnknownJob();
        FileRoutes.Map(jobs);
        CommandRoutes.Map(jobs);
    }

    /// <exception cref="ProblemException">404: there is no such job.</exception>
    public static async Task<JobView> FindAsync(
        IClusterControl control, string id, CancellationToken cancellation)
        => await control.JobAsync(id, cancellation) ?? throw new ProblemException(ApiProblems.UnknownJob(id));

    private static async Task<IResult> ResultAsync(
        string id, IClusterControl control, CancellationToken cancellation)
    {
        if (await control.ResultAsync(id, cancellation) is { } result)
        {
            return Results.Text(result, "application/json");
        }

        JobView job = await FindAsync(control, id, cancellation);
        return new ProblemResult(ApiProblems.NotThere(
            $"job {id} has no result: it is {ApiJson.Word(job.State)}"));
    }

    private static async Task<IResult> StepsAsync(
        string id, int? points, IClusterControl control, CancellationToken cancellation)
    {
        int wanted = points ?? StepCurve.DefaultPoints;
        if (wanted is < StepCurve.FewestPoints or > StepCurve.MostPoints)
        {
            throw new ProblemException(ApiProblems.Fault(
                [$"points: {wanted}; give {StepCurve.FewestPoints} to {StepCurve.MostPoints}"]));
        }

        return await control.StepsAsync(id, wanted, cancellation) is { } curve
            ? Results.Ok(curve) : throw new ProblemException(ApiProblems.UnknownJob(id));
    }

    private static async Task<IResult> WatchAsync(
        string id, long? after, HttpContext context, IClusterControl control, TimeProvider time,
        CancellationToken ending)
    {
        long seen = LastSeen(context.Request.Headers[ApiRoutes.LastEventId]) ?? after ?? 0;
        if (seen < 0)
        {
            throw NotANumber("after", seen.ToString());
        }

        JobView job = await FindAsync(control, id, context.RequestAborted);
        bool isFinished = job.State.IsFinal();
        return new EventStreamResult(control.WatchAsync(id, seen, ending), isFinished, time, ending);
    }

    /// <summary>The header beats the parameter, which a browser that comes back repeats unchanged.</summary>
    private static long? LastSeen(StringValues header)
    {
        if (header is not [{ Length: > 0 } text])
        {
            return null;
        }

        return long.TryParse(text, System.Globalization.NumberStyles.None, provider: null, out long number)
            ? number : throw NotANumber(ApiRoutes.LastEventId, text);
    }

    private static ProblemException NotANumber(string what, string given) => new(ApiProblems.Fault(
        [$"{what}: {given} is not the number of an event; give one from 0, or leave it out"]));
}

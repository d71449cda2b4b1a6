using DistTrain.Api;
using DistTrain.Api.Json;
using DistTrain.Server.Http;
using DistTrain.Server.Streaming;

namespace DistTrain.Server.Routes;

/// <summary>
/// The files a job leaves behind, streamed; a file that can be sought in answers ranges too.
/// </summary>
internal static class FileRoutes
{
    public static void Map(RouteGroupBuilder jobs)
    {
        foreach (JobFile file in Enum.GetValues<JobFile>())
        {
            string name = ApiRoutes.NameOf(file);
            jobs.MapGet($"{{id}}/files/{name}", (
                    string id, IClusterControl control, CancellationToken cancellation)
                    => SendAsync(id, file, control, cancellation))
                .Describe($"get{name}File", Summary(file), "Answers ranges of bytes.")
                .Answers<byte[]>(200, "The file.", ContentType(file))
                .Answers<byte[]>(206, "The range asked for.", ContentType(file))
                .AnswersNothing(416, "The file has no such range.")
                .FailsForUnknownJob()
                .Fails(
                    404, ProblemTypes.NotThere, "The job has not left this file (yet); its state is told.");
        }
    }

    private static async Task<IResult> SendAsync(
        string id, JobFile file, IClusterControl control, CancellationToken cancellation)
    {
        Stream? stream = await control.FileAsync(id, file, cancellation);
        if (stream is not null)
        {
            // The result disposes it.
            return stream.CanSeek
                ? Results.Stream(new FrozenLength(stream), ContentType(file), enableRangeProcessing: true)
                : Results.Stream(stream, ContentType(file));
        }

        JobView job = await JobRoutes.FindAsync(control, id, cancellation);
        return new ProblemResult(ApiProblems.NotThere(
            $"job {id} has left no {ApiRoutes.NameOf(file)}: it is {ApiJson.Word(job.State)}"));
    }

    private static string ContentType(JobFile file) => file switch
    {
        JobFile.Job or JobFile.Summary => "application/json",
        JobFile.Metrics => "application/x-ndjson",
        JobFile.Weights or JobFile.Timeline => "application/octet-stream",
        JobFile.Report => "text/html; charset=utf-8",
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, message: null),
    };

    private static string Summary(JobFile file) => file switch
    {
        JobFile.Job => "The effective job",
        JobFile.Metrics => "A line of JSON per step and per epoch; grows while the job runs",
        JobFile.Weights => "The final weights, as safetensors",
        JobFile.Report => "The page for people",
        JobFile.Summary => "The result object, indented",
        JobFile.Timeline => "Where the time of its steps went; grows while the job runs",
        _ => throw new ArgumentOutOfRangeException(nameof(file), file, message: null),
    };
}

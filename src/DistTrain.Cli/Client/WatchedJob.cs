using System.Text.Json;
using DistTrain.Api;
using DistTrain.Cli.Terminal;
using DistTrain.Core.Cluster;

namespace DistTrain.Cli.Client;

/// <summary>
/// Shows a job until it is finished. Exit codes are those of <c>train</c>, and <see cref="StoppedEarlier"/>
/// for a job that somebody stopped; one that is paused is waited for. Ctrl-C only stops the watching.
/// </summary>
internal static class WatchedJob
{
    /// <summary>Somebody stopped the job before its end.</summary>
    public const int StoppedEarlier = 3;

    public static async Task<int> ShowAsync(ClientSession session, string id, bool quiet)
    {
        var clock = new EventClock(session.Context.Time);
        RunReplay replay;
        using (IRunView view = session.Context.OpenView(quiet, clock))
        {
            replay = new RunReplay(view);
            try
            {
                await foreach (JobEvent happened in session.Control.WatchAsync(id, 0, session.Cancellation))
                {
                    clock.Happened(happened.Time);
                    replay.Show(happened);
                }
            }
            catch (OperationCanceledException) when (session.Cancellation.IsCancellationRequested)
            {
                view.OnNotice(
                    $"no longer watching; the job goes on. To stop it: disttrain job stop {id}");
                throw;
            }
        }

        return replay.Result is { } result
            ? ResultText.Print(result, session)
            : await EndedWithoutResultAsync(session, id);
    }

    private static async Task<int> EndedWithoutResultAsync(ClientSession session, string id)
    {
        if (await session.Control.ResultAsync(id, session.Cancellation) is { } result)
        {
            return ResultText.Print(result, session);
        }

        JobView job = await session.JobAsync(id);
        session.Print(job, (view, output) => JobText.Describe(view, output, session.Context.Time));
        return job.State switch
        {
            JobState.Completed or JobState.StoppedEarly => 0,
            JobState.Stopped => StoppedEarlier,
            _ => CommandLine.RunFailed,
        };
    }

    /// <summary>The exit code that a result object stands for.</summary>
    public static int ExitCodeOf(JsonElement result)
        => result.GetProperty("status").GetString() switch
        {
            "completed" or "stopped-early" => 0,
            "interrupted" => StoppedEarlier,
            _ => CommandLine.RunFailed,
        };
}

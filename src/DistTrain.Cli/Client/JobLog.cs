using System.Text;
using DistTrain.Api;
using DistTrain.Api.Json;
using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Client;

/// <summary>
/// The notices and changes of state of a job, with their times. The coordinator tells what it has kept and
/// then goes on telling; without <c>--follow</c> the log ends where the past does: at a step the job had
/// taken when the command began, or where nothing more comes for a moment.
/// </summary>
internal static class JobLog
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    public static async Task PrintAsync(ClientSession session, JobView job, bool follow)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(session.Cancellation);
        await using IAsyncEnumerator<JobEvent> events =
            session.Control.WatchAsync(job.Id, 0, enough.Token).GetAsyncEnumerator(enough.Token);
        Task<bool> next = events.MoveNextAsync().AsTask();
        while (await next)
        {
            if (!follow && events.Current.Step is { } step && step.Step >= job.Step)
            {
                return;
            }

            Print(events.Current, session);
            next = events.MoveNextAsync().AsTask();
            if (!follow && await IsQuietAsync(next, session.Context.Time))
            {
                await enough.CancelAsync();
                await next.ContinueWith(
                    _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
                return;
            }
        }
    }

    private static async Task<bool> IsQuietAsync(Task<bool> next, TimeProvider time)
    {
        using var patience = new CancellationTokenSource(Moment, time);
        Task moment = Task.Delay(Timeout.InfiniteTimeSpan, patience.Token);
        return await Task.WhenAny(next, moment) == moment;
    }

    private static void Print(JobEvent happened, ClientSession session)
    {
        string? text = happened switch
        {
            { State: { } change } => JobText.State(change.State)
                + (change.Reason is { } reason ? $": {reason}" : ""),
            { Started: { } started } => $"training with {started.Workers} workers"
                + (started.ResumedAt is { } step ? $", from step {Units.Count(step)}" : ""),
            { Notice: { } notice } => notice,
            _ => null,
        };
        if (text is null)
        {
            return;
        }

        session.Context.Output.WriteLine(session.Json
            ? Encoding.UTF8.GetString(ApiJson.Write(happened))
            : $"{JobText.Time(happened.Time, session.Context.Time)}  {Units.Printable(text)}");
    }
}

using DistTrain.Cli.Client;
using DistTrain.Cli.Training;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Storage;
using DistTrain.Runs.Summaries;
using DistTrain.Study.Launching;
using DistTrain.Study.Sweeps;

namespace DistTrain.Cli.Study;

/// <param name="Job">The job.</param>
/// <param name="Sweep">The range.</param>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Server">The cluster's coordinator; null: this machine.</param>
/// <param name="Out">Folder for the picture; null: lr-find/NAME.</param>
/// <param name="Json">End stdout with the result object.</param>
internal sealed record LrFindRequest(
    GivenJob Job, SweepRequest Sweep, string Device, ClientSettings? Server, string? Out, bool Json);

/// <summary>One <c>disttrain lr-find</c>, from the request to the exit code.</summary>
internal sealed class LrFindRunner(CommandContext context, LrFindRequest request)
{
    private const int ProgressLines = 10;

    public async Task<int> RunAsync()
    {
        request.Sweep.Check();
        JobSpec job = request.Job.Read([], request.Server is null, Warn);
        string folder = Path.GetFullPath(
            request.Out ?? Path.Combine("lr-find", job.Name), context.Folder);
        MakeFolder(folder);
        // A sweep's weights are of no use to anyone: its run goes when it has ended.
        string runs = Path.Combine(folder, $"sweep-{Guid.NewGuid():N}");
        using var interrupts = new Interrupts(text => context.Errors.WriteLine("interrupted"));
        try
        {
            RunPlace place = await RunPlace.OpenAsync(
                context, request.Server, request.Device, job.Workers.Max == WorkersSpec.AsManyAsCome
                    ? null : Math.Max(job.Workers.Min, Math.Min(job.Workers.Max, job.Batch.Shards)),
                job.Threads, runs, context.Errors.WriteLine, interrupts.Token);
            await using IRunLauncher launcher = place.Launcher;
            SweepRecorder recorder = await SweepAsync(job, launcher, interrupts.Token);
            return interrupts.ExitCode != 0
                ? interrupts.ExitCode
                : Tell(job, folder, SweepReader.Read(
                    recorder.Points, recorder.HasBlownUp, request.Sweep.Steps));
        }
        catch (OperationCanceledException) when (interrupts.ExitCode != 0)
        {
            return interrupts.ExitCode;
        }
        finally
        {
            if (Directory.Exists(runs))
            {
                Directory.Delete(runs, recursive: true);
            }
        }
    }

    private async Task<SweepRecorder> SweepAsync(
        JobSpec job, IRunLauncher launcher, CancellationToken interrupt)
    {
        JobSpec sweep = request.Sweep.JobFrom(job);
        if (request.Server is not null)
        {
            // A cluster takes a job of the same name up where it was left; a sweep begins anew.
            string unique = $"-{Guid.NewGuid():N}"[..9];
            string name = sweep.Name[..Math.Min(sweep.Name.Length, 64 - unique.Length)];
            sweep = sweep with { Name = name + unique };
        }

        context.Errors.WriteLine($"sweeping the rate from {request.Sweep.From:G4} to {request.Sweep.To:G4} "
            + $"over {request.Sweep.Steps} steps, batch {job.Batch.Global}");
        using var end = CancellationTokenSource.CreateLinkedTokenSource(interrupt);
        int shown = 0, every = Math.Max(1, request.Sweep.Steps / ProgressLines);
        var recorder = new SweepRecorder(request.Sweep.Steps, point =>
        {
            if (shown++ % every == 0)
            {
                context.Errors.WriteLine($"  step {shown}: rate {Terminal.Units.Rate(point.Rate)}, "
                    + $"loss {Terminal.Units.Loss(point.Loss)}");
            }
        }, end.Cancel);
        var run = new RunRequest(sweep.Name, sweep);
        RunSummary summary = await launcher.RunAsync(run, recorder, end.Token);
        if (summary.Status == RunStatus.Interrupted)
        {
            await launcher.AbandonAsync(run, CancellationToken.None);
        }

        // A run that failed because its loss exploded has told what it was made to tell.
        return summary.Status == RunStatus.Failed && !recorder.HasBlownUp
            ? throw new RunFaultException($"the sweep failed: {summary.Error}")
            : recorder;
    }

    private int Tell(JobSpec job, string folder, SweepReading reading)
    {
        string page = Path.Combine(folder, "lr-find.html");
        AtomicFile.ReplaceText(page, SweepPage.Render(reading, job.Name, job.Batch.Global));
        string result = SweepText.ToJson(reading, job, page);
        AtomicFile.ReplaceText(Path.Combine(folder, "lr-find.json"), result + "\n");
        if (request.Json)
        {
            context.Output.WriteLine(result);
        }
        else
        {
            SweepText.Write(reading, job, page, context);
        }

        return 0;
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException(
                $"{folder}: the folder cannot be made; name a writable one with --out", e);
        }
    }

    private void Warn(string text) => context.Errors.WriteLine($"warning: {text}");
}

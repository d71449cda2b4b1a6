using System.Diagnostics;
using DistTrain.Cli.Engines;
using DistTrain.Cli.Terminal;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using DistTrain.Runs;
using DistTrain.Study.Launching;

namespace DistTrain.Cli.Training;

/// <summary>One run of <c>disttrain train</c>, from the request to the exit code.</summary>
internal static class TrainRunner
{
    public static async Task<int> RunAsync(TrainRequest request)
    {
        long started = Stopwatch.GetTimestamp();
        void Say(string text)
        {
            if (!request.Quiet)
            {
                Console.Error.WriteLine(text);
            }
        }

        void Warn(string text) => Console.Error.WriteLine($"warning: {text}");

        RunDirectory? resumed = request.Resume is { } path ? RunDirectory.Open(path) : null;
        JobSpec job = resumed is null
            ? EffectiveJob.ForNewRun(request, Warn)
            : EffectiveJob.ForResume(resumed, request, Warn);

        // Loading data takes longer than to see that the device is not there.
        using ProgramEngine engine = ProgramEngine.For(job, request.Engine, request.Device);
        engine.RequirePrecision(job.Precision, request.Device);
        using IDataset dataset = DatasetLoader.Load(
            job.Dataset, job.Seed, DatasetPlaces.FromEnvironment(), new Relay(Say), CancellationToken.None);
        using LocalRun run = LocalRun.Prepare(
            new LocalRunParts(job, dataset, engine, request.Device), resumed, Warn);
        RunDirectory directory = resumed ?? RunDirectory.Create(request.OutRoot, job.Name);
        directory.WriteJob(JobWriter.Write(job));
        Say(JobWriter.Write(job).TrimEnd());
        Say($"run directory: {directory.RootPath}");
        // Hashing takes a moment on a large set; a new run has nothing to compare, so it need not wait.
        Task noted = Task.Run(() => DataIdentity.Check(directory, dataset.ContentHash));
        int exitCode = await TrainAsync(request, run, directory, started);
        await noted;
        return exitCode;
    }

    private static async Task<int> TrainAsync(
        TrainRequest request, LocalRun run, RunDirectory directory, long started)
    {
        await using TrainTelemetry telemetry = await TrainTelemetry.StartAsync(
            request.Metrics, Path.GetFileName(directory.RootPath), request.Device, Console.Error.WriteLine);
        using (TerminalRunObserver terminal = TerminalRunObserver.Open(request.Quiet, TimeProvider.System))
        using (var interrupts = new Interrupts(terminal.OnNotice))
        {
            LocalRunEnd end = await run.TrainAsync(
                directory, telemetry.With(terminal),
                warning => Console.Error.WriteLine($"warning: {warning}"),
                () => Stopwatch.GetElapsedTime(started), TimeProvider.System, interrupts.Token);
            terminal.Dispose();
            RunResult.Print(directory, end.Outcome, end.Summary, request.Json);
            return end.Outcome.Status switch
            {
                RunStatus.Interrupted => interrupts.ExitCode,
                RunStatus.Failed => CommandLine.RunFailed,
                _ => end.Written ? 0 : CommandLine.RunFailed,
            };
        }
    }

    /// <summary>At once and in order, where <see cref="Progress{T}"/> hops to the thread pool.</summary>
    private sealed class Relay(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}

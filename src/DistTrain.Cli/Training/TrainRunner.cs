using System.Diagnostics;
using DistTrain.Cli.Terminal;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.State;
using DistTrain.Data.Loading;
using DistTrain.LibTorch;
using DistTrain.Runs;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Observation;
using DistTrain.Runtime.Training;

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

        using IDataset dataset = DatasetLoader.Load(
            job.Dataset, job.Seed, DatasetPlaces.FromEnvironment(), new Relay(Say), CancellationToken.None);
        ModelPlan model = ModelPlanner.Plan(job.Model, dataset.Shape, Math.Max(dataset.Classes, 1));
        var engine = new LibTorchEngine(request.Device);
        using TrainingState state = StateOf(job, engine.LayoutOf(model));
        TrainingProgress progress = new();
        if (resumed is null)
        {
            if (!engine.TryReadInitialValues(model, state.Parameters))
            {
                Initialisation.Fill(state.Layout, job.Seed, state.Parameters);
            }
        }
        else
        {
            DataIdentity.Check(resumed, dataset.ContentHash);
            progress = new RunCourse(job, TrainingSession.PlanOf(job, dataset)).TakeUp(
                new CheckpointStore(resumed, job.Checkpoint)
                    .LoadLatest(RunFiles.TensorsOf(state), Warn).Progress);
        }
        RunDirectory directory = resumed ?? RunDirectory.Create(request.OutRoot, job.Name);
        directory.WriteJob(JobWriter.Write(job));
        Say(JobWriter.Write(job).TrimEnd());
        Say($"run directory: {directory.RootPath}");
        var run = new Run(job, dataset, model, engine, state, directory, started);
        // Hashing takes a moment on a large set; a new run has nothing to compare, so it need not wait.
        Task noted = Task.Run(() => DataIdentity.Check(directory, dataset.ContentHash));
        int exitCode = await TrainAsync(request, run, progress);
        await noted;
        return exitCode;
    }

    /// <summary>
    /// Asks first: memory that is promised but not there would end the program without a word.
    /// </summary>
    private static TrainingState StateOf(JobSpec job, ParameterLayout layout)
    {
        IOptimizer optimizer = OptimizerFactory.Create(job.Optimizer);
        int copies = 1 + optimizer.StateNames.Count + EffectiveJob.WorkersOf(job);
        double needed = (double)layout.TotalCount * sizeof(float) * copies;
        double present = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return needed <= present
            ? new TrainingState(layout, optimizer)
            : throw new UserFaultException(
                $"the model has {layout.ParameterCount:N0} parameters; {copies} copies of them (weights, "
                + $"gradients and optimizer) need {needed / 1e9:N1} GB of memory, and there are "
                + $"{present / 1e9:N1}");
    }

    /// <summary>Everything a run is made of, once it is known to be possible.</summary>
    private sealed record Run(
        JobSpec Job, IDataset Dataset, ModelPlan Model, IEngine Engine, TrainingState State,
        RunDirectory Directory, long Started);

    private static async Task<int> TrainAsync(TrainRequest request, Run run, TrainingProgress progress)
    {
        bool resumed = request.Resume is not null;
        var throughput = new Throughput();
        using (TerminalRunObserver terminal = TerminalRunObserver.Open(request.Quiet, TimeProvider.System))
        using (var files = new RunFiles(
            run.Directory, run.Job, resumed ? progress : null, TimeProvider.System, terminal.OnNotice))
        using (var interrupts = new Interrupts(terminal.OnNotice))
        {
            RunOutcome outcome = await TrainingSession.RunAsync(
                new SessionParts(
                    run.Job, run.Dataset, run.Model, run.Engine, request.Device,
                    EffectiveJob.WorkersOf(run.Job), run.State, progress, files,
                    new ObserverList(terminal, files.Observer, throughput)),
                TimeProvider.System, interrupts.Token);
            var closing = new RunClosing(
                run.Job, run.Dataset.Classes, run.Directory, run.State, outcome, throughput.SamplesPerSecond,
                Stopwatch.GetElapsedTime(run.Started));
            bool written = closing.Write(files, warning => Console.Error.WriteLine($"warning: {warning}"));
            terminal.Dispose();
            RunResult.Print(run.Directory, outcome, closing.Summary, request.Json);
            return outcome.Status switch
            {
                RunStatus.Interrupted => interrupts.ExitCode,
                RunStatus.Failed => CommandLine.RunFailed,
                _ => written ? 0 : CommandLine.RunFailed,
            };
        }
    }

    /// <summary>At once and in order, where <see cref="Progress{T}"/> hops to the thread pool.</summary>
    private sealed class Relay(Action<string> say) : IProgress<string>
    {
        public void Report(string value) => say(value);
    }
}

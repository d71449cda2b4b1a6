using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using DistTrain.LibTorch;
using DistTrain.Runs.Summaries;
using DistTrain.Study.Execution;
using DistTrain.Study.Launching;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Launching;

/// <summary>The launcher of this machine with the real engine and runs of a second.</summary>
public sealed class LocalLauncherTests : IDisposable
{
    private const string Csv =
        """
        { "dataset": { "name": "csv", "path": "PATH", "label": "label", "validation": 20 },
          "model": { "preset": "mlp", "hidden": [4] }, "epochs": 3,
          "batch": { "global": 10, "shards": 2 }, "workers": { "max": 1 } }
        """;

    private readonly TemporaryFolder _temporary = new();
    private readonly List<string> _notices = [];

    public void Dispose() => _temporary.Dispose();

    [SkippableFact]
    public async Task A_run_leaves_its_directory_and_tells_every_step()
    {
        await using LocalLauncher launcher = Launcher();
        var trace = new RunTrace(StoppingMetric.ValidationAccuracy);
        RunSummary summary = await launcher.RunAsync(new RunRequest("one", Job()), trace, default);
        summary.Status.ShouldBe(RunStatus.Completed);
        trace.TrainingSamples.ShouldBe(60);
        trace.SamplesUntil(summary.Steps).ShouldBe(3 * 60);
        trace.Best.ShouldNotBeNull();
        File.Exists(Path.Combine(summary.RunDirectory, "summary.json")).ShouldBeTrue();
        launcher.TrainingSamplesOf(Job()).ShouldBe(60);
    }

    [SkippableFact]
    public async Task Runs_side_by_side_come_to_the_bits_of_runs_alone()
    {
        await using LocalLauncher launcher = Launcher();
        RunSummary alone = await launcher.RunAsync(new RunRequest("alone", Job()), new Deaf(), default);
        RunSummary[] both = await Task.WhenAll(Enumerable.Range(0, 2).Select(i =>
            launcher.RunAsync(new RunRequest($"beside{i}", Job()), new Deaf(), default)));
        both.Select(run => run.WeightsSha256).ShouldBe([alone.WeightsSha256, alone.WeightsSha256]);
    }

    [SkippableFact]
    public async Task An_interrupted_run_goes_on_and_its_observer_hears_all_of_it()
    {
        await using LocalLauncher launcher = Launcher();
        RunSummary whole = await launcher.RunAsync(new RunRequest("whole", Job()), new Deaf(), default);

        using var stop = new CancellationTokenSource();
        RunSummary first = await launcher.RunAsync(
            new RunRequest("cut", Job()), new StopAfterEpoch(1, stop), stop.Token);
        first.Status.ShouldBe(RunStatus.Interrupted);
        var trace = new RunTrace(StoppingMetric.ValidationAccuracy);
        RunSummary second = await launcher.RunAsync(new RunRequest("cut", Job()), trace, default);
        second.Status.ShouldBe(RunStatus.Completed);
        second.WeightsSha256.ShouldBe(whole.WeightsSha256);
        second.RunDirectory.ShouldBe(first.RunDirectory);
        trace.SamplesUntil(second.Steps).ShouldBe(3 * 60);
    }

    [SkippableFact]
    public async Task Another_job_of_the_same_name_gets_a_directory_of_its_own()
    {
        await using LocalLauncher launcher = Launcher();
        RunSummary first = await launcher.RunAsync(new RunRequest("one", Job()), new Deaf(), default);
        RunSummary second = await launcher.RunAsync(
            new RunRequest("one", Job() with { Seed = 9 }), new Deaf(), default);
        second.RunDirectory.ShouldNotBe(first.RunDirectory);
    }

    [SkippableFact]
    public async Task A_run_that_diverges_comes_back_as_such()
    {
        await using LocalLauncher launcher = Launcher();
        JobSpec job = Job() with { LearningRate = Job().LearningRate with { Base = 1e9 } };
        job = job with { Loss = job.Loss, MaxSkippedSteps = 1, Epochs = 50 };
        RunSummary summary = await launcher.RunAsync(new RunRequest("wild", job), new Deaf(), default);
        summary.Status.ShouldBe(RunStatus.Failed);
        new RunEnd(new PlannedRun("x", new RunRequest("wild", job)), summary, new RunTrace(default), false)
            .Diverged.ShouldBeTrue(summary.Error);
    }

    [SkippableFact]
    public async Task Data_that_is_not_there_is_the_users_fault()
    {
        await using LocalLauncher launcher = Launcher();
        JobSpec job = Job() with { Dataset = Job().Dataset with { Path = _temporary.File("none.csv") } };
        await Should.ThrowAsync<UserFaultException>(
            () => launcher.RunAsync(new RunRequest("none", job), new Deaf(), default));
    }

    private LocalLauncher Launcher()
    {
        Skip.IfNot(LibTorchEngine.IsBuilt, "the native library is not built: ./build.sh build");
        return new LocalLauncher(new LocalLauncherOptions
        {
            Engine = new LibTorchEngine("cpu"),
            RunsFolder = _temporary.File("runs"),
            Workers = 2,
            Places = new DatasetPlaces(null, _temporary.Path),
            Notice = _notices.Add,
        });
    }

    private JobSpec Job()
    {
        string path = _temporary.File("points.csv");
        if (!File.Exists(path))
        {
            IEnumerable<string> rows = Enumerable.Range(0, 80).Select(i => $"{i % 7 - 3},{i % 5},{i % 2}");
            File.WriteAllLines(path, ["x,y,label", .. rows]);
        }

        return JobReader.Read(
            Csv.Replace("PATH", path.Replace('\\', '/'), StringComparison.Ordinal), "job.json", [], 1);
    }

    private sealed class Deaf : IRunObserver;

    private sealed class StopAfterEpoch(int epoch, CancellationTokenSource stop) : IRunObserver
    {
        public void OnEpoch(EpochMetrics metrics)
        {
            if (metrics.Epoch == epoch)
            {
                stop.Cancel();
            }
        }
    }
}

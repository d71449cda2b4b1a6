using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Summaries;
using DistTrain.Study.Execution;
using DistTrain.Study.Launching;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Launching;

public sealed class ClusterLauncherTests : IDisposable
{
    private const string Result =
        """
        {"status":"completed","epochs":4,"steps":8,"train":{"loss":0.5,"accuracy":0.8},"validation":null,
        "test":{"loss":null,"accuracy":0.7},"weightsSha256":"ab","samplesPerSecond":100,"seconds":2,
        "runDirectory":"/there","noiseScale":270.5,"target":{"step":6,"samples":192}}
        """;

    private readonly TemporaryFolder _temporary = new();
    private readonly FakeControl _control = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public async Task A_run_is_submitted_watched_and_its_files_fetched()
    {
        _control.Result = Result;
        await using ClusterLauncher launcher = Launcher();
        var trace = new RunTrace(StoppingMetric.ValidationAccuracy);
        RunRequest request = Request();
        RunSummary summary = await launcher.RunAsync(request, trace, default);
        JobReader.Read(_control.Submitted!.JobJson, "job", [], 1).ShouldBe(request.Job, new ByText());
        (summary.Status, summary.Steps, summary.NoiseScale).ShouldBe((RunStatus.Completed, 8, 270.5));
        summary.Target.ShouldBe(new TargetReached(6, 192));
        double.IsNaN(summary.Test!.Loss).ShouldBeTrue();
        trace.SamplesUntil(1).ShouldBe(32);
        File.ReadAllText(Path.Combine(summary.RunDirectory, "metrics.jsonl")).ShouldBe("Metrics");
    }

    [Fact]
    public async Task A_job_that_the_cluster_has_already_is_taken_up()
    {
        RunRequest request = Request();
        _control.Jobs.Add(FakeControl.View("old", request.Job.Name, JobState.Paused));
        _control.Result = Result;
        await using ClusterLauncher launcher = Launcher();
        await launcher.RunAsync(request, new Deaf(), default);
        _control.Asked.ShouldBe(["resume old"]);
        _control.Submitted.ShouldBeNull();
    }

    [Fact]
    public async Task A_job_that_failed_or_was_stopped_is_submitted_anew()
    {
        RunRequest request = Request();
        _control.Jobs.Add(FakeControl.View("a", request.Job.Name, JobState.Failed));
        _control.Jobs.Add(FakeControl.View("b", request.Job.Name, JobState.Stopped));
        _control.Result = Result;
        await using ClusterLauncher launcher = Launcher();
        await launcher.RunAsync(request, new Deaf(), default);
        _control.Submitted.ShouldNotBeNull();
    }

    [Fact]
    public async Task An_interrupted_run_is_paused_and_one_given_up_is_stopped()
    {
        _control.GoesOn = true;
        await using ClusterLauncher launcher = Launcher();
        using var stop = new CancellationTokenSource();
        Task<RunSummary> run = launcher.RunAsync(Request(), new Deaf(), stop.Token);
        await _control.Watched.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await stop.CancelAsync();
        (await run).Status.ShouldBe(RunStatus.Interrupted);
        await launcher.AbandonAsync(Request(), default);
        _control.Asked.ShouldBe(["pause new", "stop new"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"status\":\"odd\",\"epochs\":1,\"steps\":1}")]
    [InlineData("{\"status\":\"completed\",\"epochs\":\"x\",\"steps\":1}")]
    public async Task A_result_that_cannot_be_read_ends_the_study_in_one_line(string result)
    {
        _control.Result = result;
        await using ClusterLauncher launcher = Launcher();
        (await Should.ThrowAsync<RunFaultException>(() => launcher.RunAsync(Request(), new Deaf(), default)))
            .Message.ShouldContain("result object cannot be read");
    }

    private ClusterLauncher Launcher() => new(_control, 2, _temporary.File("runs"), _ => { });

    private static RunRequest Request()
    {
        JobSpec job = SmallStudy.AnyJob();
        return new RunRequest(job.Name, job);
    }

    private sealed class Deaf : IRunObserver;

    /// <summary>Jobs hold lists, which records compare by reference.</summary>
    private sealed class ByText : IEqualityComparer<JobSpec>
    {
        public bool Equals(JobSpec? x, JobSpec? y) => JobWriter.Write(x!) == JobWriter.Write(y!);

        public int GetHashCode(JobSpec obj) => 0;
    }
}

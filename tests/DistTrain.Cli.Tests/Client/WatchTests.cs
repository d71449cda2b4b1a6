using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Cli.Tests.Terminal;
using DistTrain.Core.Cluster;
using DistTrain.Core.Jobs;
using SmallRun = DistTrain.Cli.Tests.Terminal.Runs;

namespace DistTrain.Cli.Tests.Client;

public sealed class WatchTests : IDisposable
{
    private const string Result = """
        {"status":"STATUS","epochs":2,"steps":8,"train":{"loss":0.08,"accuracy":0.97},"validation":null,
        """ + """
        "test":{"loss":0.1,"accuracy":null},"weightsSha256":"abc","samplesPerSecond":21430,
        """ + """
        "seconds":3.21,"runDirectory":"/r"}
        """;

    private static readonly DateTimeOffset Then = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);
    private readonly InProcess _program = new();

    public WatchTests()
    {
        _program.Cluster.Jobs.Add(FakeCluster.Job("mnist-1"));
        _program.Workspace.Write("my.json", "{}");
    }

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_watched_job_looks_as_one_trained_here()
    {
        Happened("completed");
        (await _program.RunAsync("job watch mnist-1")).ShouldBe(0);
        _program.ErrorLines.ShouldBe(
        [
            "queued",
            "running",
            "mnist-mlp: 535,818 parameters; 32 samples, 10 more to validate; batch 8 in 2 shards; 1 worker; "
                + "2 epochs of 4 steps; libtorch 1.13.1 on cpu",
            "workers: a 6 shards 12.3 ms a step, b 2 shards 1.50 s a step (slow)",
            "epoch 1/2: train loss 0.0832 accuracy 97.41 %, validation loss 0.0901 accuracy 97.20 % (best), "
                + "rate 0.0421, 21,430 samples/s, 12.3 s",
            "critical batch: too few steps yet (0 of 20)",
            "b was lost",
        ]);
        _program.OutputLines.ShouldBe(
        [
            "completed", "trained     2 epochs, 8 steps", "train       loss 0.0800, accuracy 97.00 %",
            "test        loss 0.1000", "speed       21,430 samples/s in training, 3.2 s in all",
            "weights     sha256 abc",
        ]);
    }

    [Theory]
    [InlineData("completed", 0)]
    [InlineData("stopped-early", 0)]
    [InlineData("failed", 1)]
    [InlineData("interrupted", 3)]
    public async Task Submit_and_watch_with_json_ends_as_train_does(string status, int exitCode)
    {
        Happened(status);
        (await _program.RunAsync("job submit my.json --watch --json --quiet")).ShouldBe(exitCode);
        _program.OutputLines.ShouldBe([Result.Replace("STATUS", status)]);
    }

    [Theory]
    [InlineData(JobState.Stopped, 3)]
    [InlineData(JobState.Failed, 1)]
    public async Task A_job_that_ends_without_a_result_is_described(JobState state, int exitCode)
    {
        _program.Cluster.Jobs[0] = FakeCluster.Job("mnist-1", state) with { Reason = "by hand" };
        (await _program.RunAsync("job watch mnist-1")).ShouldBe(exitCode);
        _program.OutputLines.ShouldContain($"state       {JobText.State(state)}: by hand");
    }

    [Fact]
    public async Task A_result_that_is_none_of_ours_fails_in_one_line()
    {
        _program.Cluster.Result = "[1]";
        (await _program.RunAsync("job result mnist-1")).ShouldBe(1);
        _program.ErrorLines.ShouldHaveSingleItem().ShouldContain("none that this version understands");
    }

    [Fact]
    public async Task Logs_are_notices_and_states_with_times_and_end_where_the_past_does()
    {
        Happened("completed");
        _program.Cluster.Events.RemoveAll(happened => happened.Result is not null);
        _program.Cluster.GoesOn = true;
        (await _program.RunAsync("job logs mnist-1")).ShouldBe(0);
        _program.OutputLines.Select(line => line[21..]).ShouldBe(
            ["queued", "running", "training with 1 workers", "b was lost"]);
        _program.OutputLines[0].ShouldMatch(@"^2026-05-0\d \d\d:\d\d:\d\d  queued$");
        _program.Cluster.Asked.ShouldBe(["waiting"]);
    }

    [Fact]
    public async Task Logs_end_at_the_step_the_job_had_taken()
    {
        Add(new JobEvent(1, Then) { Notice = "before" });
        Add(new JobEvent(2, Then) { Step = SmallRun.Step(3) });
        Add(new JobEvent(3, Then) { Notice = "after" });
        (await _program.RunAsync("job logs mnist-1 --json")).ShouldBe(0);
        _program.OutputLines.ShouldHaveSingleItem().ShouldContain("\"notice\":\"before\"");
        (await _program.RunAsync("job logs mnist-1 --follow")).ShouldBe(0);
        _program.OutputLines[^1].ShouldEndWith("after");
    }

    [Fact]
    public void The_clock_of_a_view_is_that_of_the_events_and_never_goes_back()
    {
        var real = new ManualTime();
        var clock = new EventClock(real);
        clock.Happened(Then);
        long start = clock.GetTimestamp();
        clock.Happened(Then.AddSeconds(10));
        clock.GetElapsedTime(start).TotalSeconds.ShouldBe(10, 1e-6);
        clock.Happened(Then.AddSeconds(5));
        clock.GetElapsedTime(start).TotalSeconds.ShouldBe(10, 1e-6);
        real.Advance(TimeSpan.FromSeconds(2));
        clock.GetElapsedTime(start).TotalSeconds.ShouldBe(12, 1e-6);
        clock.Happened(Then.AddSeconds(12.5));
        clock.GetElapsedTime(start).TotalSeconds.ShouldBe(12.5, 1e-6);
    }

    private void Happened(string status)
    {
        Add(new JobEvent(1, Then) { State = new(JobState.Queued, null) });
        Add(new JobEvent(2, Then) { State = new(JobState.Running, null) });
        Add(new JobEvent(3, Then)
        {
            Started = new(
                JobWriter.Write(SmallRun.Job), 1, 4, 32, 10, 535818, "libtorch 1.13.1 on cpu", null),
        });
        Add(new JobEvent(4, Then) { Step = SmallRun.Step(0) });
        Add(new JobEvent(5, Then) { Workers = [Workers.Pace("a"), Workers.Slow("b")] });
        Add(new JobEvent(6, Then) { Workers = [Workers.Pace("a"), Workers.Slow("b")] });
        Add(new JobEvent(7, Then) { Evaluating = new(1, "validation") });
        Add(new JobEvent(8, Then) { Epoch = SmallRun.Epoch(1) });
        Add(new JobEvent(9, Then) { Notice = "b was lost" });
        Add(new JobEvent(10, Then) { Result = Result.Replace("STATUS", status) });
    }

    private void Add(JobEvent happened) => _program.Cluster.Events.Add(happened);
}

using DistTrain.Api;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Server.Tests.Fixtures;

namespace DistTrain.Server.Tests.Client;

/// <summary>
/// What a coordinator's control promises, however it is reached. Held against the fake itself and against the
/// fake behind server and client: whatever passes directly and not over HTTP is lost on the way.
/// </summary>
public abstract class ClusterControlContract : IAsyncLifetime
{
    protected FakeCluster Cluster { get; } = new();

    protected abstract IClusterControl Control { get; }

    public abstract Task InitializeAsync();

    public abstract Task DisposeAsync();

    [Fact]
    public async Task A_job_is_submitted_as_it_was_written()
    {
        const string Text = "{\r\n  \"name\": \"größer\\n\" // not even JSON\n}";
        JobView view = await Control.SubmitAsync(
            new SubmitRequest(Text, "dir/job.json", ["epochs=3", "a=\"b\""]));
        SubmitRequest given = Cluster.Submitted.ShouldHaveSingleItem();
        given.JobJson.ShouldBe(Text);
        given.Source.ShouldBe("dir/job.json");
        given.Set.ShouldBe(["epochs=3", "a=\"b\""]);
        Same(view, Cluster[view.Id].View);
    }

    [Fact]
    public async Task Every_fault_of_a_job_is_told()
    {
        var fault = await Should.ThrowAsync<UserFaultException>(
            () => Control.SubmitAsync(new SubmitRequest("bad", "job.json", [])));
        fault.Problems.ShouldBe(["job.json:1: first fault", "job.json:2: second"]);
    }

    [Fact]
    public async Task Jobs_come_in_order_and_whole_and_an_unknown_one_is_null()
    {
        (await Control.JobsAsync()).ShouldBeEmpty();
        foreach (JobState state in Enum.GetValues<JobState>())
        {
            Cluster.Add($"job-{state}", state);
        }

        IReadOnlyList<JobView> jobs = await Control.JobsAsync();
        jobs.Select(job => job.State).ShouldBe(Enum.GetValues<JobState>());
        foreach (JobView job in jobs)
        {
            Same((await Control.JobAsync(job.Id))!, Cluster[job.Id].View);
        }

        (await Control.JobAsync("none")).ShouldBeNull();
        (await Control.JobAsync("a/b?c#d %41")).ShouldBeNull();
    }

    [Fact]
    public async Task Commands_are_carried_out_refused_with_the_reason_or_find_no_job()
    {
        Func<string, Task<CommandResult>>[] commands =
        [
            id => Control.PauseAsync(id), id => Control.ResumeAsync(id), id => Control.ScaleAsync(id, 7),
            id => Control.StopAsync(id),
        ];
        JobState[] states = [JobState.Paused, JobState.Queued, JobState.Queued, JobState.Stopped];
        Cluster.Add("a b");
        for (int i = 0; i < commands.Length; i++)
        {
            (await commands[i]("a b")).ShouldBe(new CommandResult(CommandStatus.Done, $"a b is {states[i]}"));
            (await commands[i]("none")).ShouldBe(
                new CommandResult(CommandStatus.NotFound, "there is no job none"));
        }

        Cluster["a b"].View.MaxWorkers.ShouldBe(7);
        foreach (Func<string, Task<CommandResult>> command in commands)
        {
            (await command("a b")).ShouldBe(
                new CommandResult(CommandStatus.Conflict, "a b is finished already"));
        }

        (await Control.DrainAsync(FakeCluster.Node)).Status.ShouldBe(CommandStatus.Done);
        (await Control.DrainAsync("none")).ShouldBe(
            new CommandResult(CommandStatus.NotFound, "there is no node none"));
    }

    [Fact]
    public async Task The_cluster_comes_whole()
    {
        Cluster.Add("one");
        ClusterView view = await Control.ClusterAsync();
        ClusterView own = await Cluster.ClusterAsync();
        view.Nodes.ShouldBe(own.Nodes);
        view.Log.ShouldBe(own.Log);
        view.Departed.ShouldBe(own.Departed);
        Same(view.Jobs.Single(), own.Jobs.Single());
        (view with { Nodes = own.Nodes, Departed = own.Departed, Jobs = own.Jobs, Log = own.Log })
            .ShouldBe(own);
    }

    [Fact]
    public async Task Steps_come_as_columns_as_many_as_wanted_and_those_of_no_job_are_null()
    {
        FakeJob job = Cluster.Add("one");
        job.Steps.AddRange([
            new StepMetrics(0, 1, 1 / 3.0, 0.5, 0.1, 32, 2, Skipped: false, TimeSpan.FromSeconds(0.5))
            {
                Noise = new NoiseEstimate(1, 2, 1e6 / 7, 3),
            },
            new StepMetrics(1, 1, double.NaN, null, 0.1, 32, 2, Skipped: true, TimeSpan.FromSeconds(0.5)),
            new StepMetrics(2, 1, 0, 0, 0, 32, 0, Skipped: false, TimeSpan.Zero),
        ]);
        StepCurve curve = (await Control.StepsAsync("one", 2))!;
        curve.Step.ShouldBe([0, 1]);
        curve.Loss.ShouldBe([0.333333, double.NaN]);
        curve.Accuracy.ShouldBe([0.5, double.NaN]);
        curve.LearningRate.ShouldBe([0.1, 0.1]);
        curve.NoiseScale.ShouldBe([142857, double.NaN]);
        curve.Last.ShouldBe(job.Steps[1]);
        (await Control.StepsAsync("none", 2)).ShouldBeNull();
    }

    [Fact]
    public async Task A_watcher_gets_every_kind_of_event_whole_and_ends_after_the_result()
    {
        FakeJob job = Cluster.Add("one");
        JobEvent[] parts =
        [
            new(1, default) { State = new JobStateChange(JobState.StoppedEarly, null) },
            new(2, default) { Started = new JobStarted("{\n}\n", 2, 10, 640, 64, 1 << 20, "none", 40) },
            new(3, default)
            {
                Step = new StepMetrics(
                    7, 1, double.NaN, 0.25, 0.1, 64, double.PositiveInfinity, Skipped: true,
                    TimeSpan.FromTicks(1234567)),
            },
            new(4, default) { Evaluating = new JobEvaluating(2, "validation") },
            new(5, default)
            {
                Epoch = new EpochMetrics(
                    2, 20, new EvaluationMetrics(0.1, null, 64), null, 0.1, TimeSpan.FromHours(30), 1.5, true),
            },
            new(6, default) { Notice = "one line\nand another\r\n: not a comment\n\ndata: none" },
        ];
        foreach (JobEvent part in parts)
        {
            job.Tell(part);
        }

        job.Tell(new JobEvent(0, default)
        {
            Workers = [new WorkerPace("w", 4, TimeSpan.FromSeconds(0.1), 1e-9, IsSlow: true)],
        });
        job.Finish();
        List<JobEvent> seen = await All("one", 0);
        seen.Select(happened => happened.Sequence).ShouldBe([1L, 2, 3, 4, 5, 6, 7, 8]);
        for (int i = 0; i < parts.Length; i++)
        {
            // JSON has no infinity: over the wire it is what NaN is.
            JobEvent expected = seen[i].Step is { GradientNorm: double.NaN }
                ? parts[i] with { Step = parts[i].Step! with { GradientNorm = double.NaN } } : parts[i];
            seen[i].ShouldBe(expected with { Time = DateTimeOffset.UnixEpoch });
        }

        seen[6].Workers.ShouldBe([new WorkerPace("w", 4, TimeSpan.FromSeconds(0.1), 1e-9, IsSlow: true)]);
        seen[7].Result.ShouldBe("""{"status":"completed"}""");
    }

    [Fact]
    public async Task A_watcher_goes_on_after_the_last_event_seen()
    {
        FakeJob job = Cluster.Add("one");
        job.TellNotice("1");
        job.TellNotice("2");
        job.Finish();
        for (long after = 0; after <= 4; after++)
        {
            (await All("one", after)).Select(happened => happened.Sequence)
                .ShouldBe(new long[] { 1, 2, 3 }.Where(sequence => sequence > after));
        }
    }

    [Fact]
    public async Task Events_come_while_they_happen_and_a_watcher_may_go_when_it_likes()
    {
        FakeJob job = Cluster.Add("one");
        using var enough = new CancellationTokenSource();
        await using IAsyncEnumerator<JobEvent> watcher = Control.WatchAsync("one", 0, enough.Token)
            .GetAsyncEnumerator();
        for (int i = 0; i < 5; i++)
        {
            ValueTask<bool> next = watcher.MoveNextAsync();
            job.TellNotice($"{i}");
            (await next.AsTask().WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
            watcher.Current.Notice.ShouldBe($"{i}");
        }

        Task<bool> last = watcher.MoveNextAsync().AsTask();
        await enough.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(last.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Watching_an_unknown_job_is_a_fault()
        => (await Should.ThrowAsync<UserFaultException>(All("none", 0))).Message.ShouldContain("none");

    [Fact]
    public async Task The_result_is_null_until_there_is_one()
    {
        FakeJob job = Cluster.Add("one");
        (await Control.ResultAsync("one")).ShouldBeNull();
        (await Control.ResultAsync("none")).ShouldBeNull();
        job.Finish("""{"status":"completed","weightsSha256":"ü"}""");
        (await Control.ResultAsync("one")).ShouldBe("""{"status":"completed","weightsSha256":"ü"}""");
    }

    [Fact]
    public async Task Files_come_byte_for_byte_and_are_null_while_they_are_not_there()
    {
        FakeJob job = Cluster.Add("one");
        byte[] bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);
        foreach (JobFile file in Enum.GetValues<JobFile>())
        {
            (await Control.FileAsync("one", file)).ShouldBeNull();
            (await Control.FileAsync("none", file)).ShouldBeNull();
            bytes[0] = (byte)file;
            job.Files[file] = [.. bytes];
            await using Stream stream = (await Control.FileAsync("one", file)).ShouldNotBeNull();
            var read = new MemoryStream();
            await stream.CopyToAsync(read);
            read.ToArray().AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        }
    }

    protected async Task<List<JobEvent>> All(string id, long after)
    {
        var all = new List<JobEvent>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await foreach (JobEvent happened in Control.WatchAsync(id, after, patience.Token))
        {
            all.Add(happened);
        }

        return all;
    }

    /// <summary>
    /// Records compare lists by identity, and a loss that is not finite is none over the wire.
    /// </summary>
    private static void Same(JobView seen, JobView own)
    {
        seen.Workers.ShouldBe(own.Workers);
        (seen with { Workers = own.Workers, Loss = own.Loss }).ShouldBe(own);
    }
}

public sealed class FakeClusterTests : ClusterControlContract
{
    protected override IClusterControl Control => Cluster;

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync() => Task.CompletedTask;
}

public sealed class ClusterOverHttpTests : ClusterControlContract
{
    private RunningServer? _server;
    private ClusterClient? _client;

    protected override IClusterControl Control => _client!;

    public override async Task InitializeAsync()
    {
        _server = await RunningServer.StartAsync(Cluster);
        _client = _server.Client();
    }

    public override async Task DisposeAsync()
    {
        _client!.Dispose();
        await _server!.DisposeAsync();
    }
}

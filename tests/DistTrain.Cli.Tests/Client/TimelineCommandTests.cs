using System.Text.Json;
using System.Xml.Linq;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Runs.Timeline;

namespace DistTrain.Cli.Tests.Client;

public sealed class TimelineCommandTests : IDisposable
{
    private readonly InProcess _program = new();

    public TimelineCommandTests() => _program.Workspace.Write("runs/mnist-1/job.json", "{}");

    private string Timeline => _program.Workspace.File("runs/mnist-1/timeline.bin");

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_run_is_told_in_a_table_and_written_as_a_trace()
    {
        Record(300);
        (await _program.RunAsync("timeline runs/mnist-1")).ShouldBe(0);
        _program.OutputLines.ShouldBe([
            "200 steps, 20.0 s, 640 samples/s: gradients 90 %, sum 6 %, update 4 %",
            "between them 0.05 s of evaluation and checkpoints",
            "worker  steps  shards  compute  exchange  waiting  last",
            "w1        200       1     22 %       8 %     70 %     0",
            "w2        200       1     82 %       8 %     10 %   200",
            "The others wait for w2: it answered last in 200 of 200 steps, and cost them 60 % of the time.",
        ]);
        string[] names = Slices("mnist-1.timeline.json");
        names.ShouldContain("step 100");
        names.ShouldContain("evaluation");
        names.ShouldNotContain("step 99");
        _program.ErrorLines.ShouldHaveSingleItem().ShouldContain("mnist-1.timeline.json: open it in");
    }

    [Theory]
    [InlineData("--steps 7..9", new[] { "step 7", "step 8", "step 9" })]
    [InlineData("--steps 299..", new[] { "step 299" })]
    [InlineData("--steps ..0", new[] { "step 0" })]
    [InlineData("--steps 12", new[] { "step 12" })]
    [InlineData("--epoch 2 --steps ..100", new[] { "step 100" })]
    public async Task A_range_of_steps_or_an_epoch_is_chosen(string flags, string[] steps)
    {
        Record(300);
        (await _program.RunAsync($"timeline runs/mnist-1 {flags} --out t.json")).ShouldBe(0);
        Slices("t.json").Where(name => name.StartsWith("step ")).ShouldBe(steps);
    }

    [Fact]
    public async Task A_picture_and_a_line_of_json_are_to_be_had()
    {
        Record(20);
        (await _program.RunAsync("timeline runs/mnist-1 --json --svg p.svg --out t.json")).ShouldBe(0);
        XDocument.Load(_program.Workspace.File("p.svg")).Root!.Name.LocalName.ShouldBe("svg");
        using JsonDocument shares = JsonDocument.Parse(_program.OutputLines.ShouldHaveSingleItem());
        shares.RootElement.GetProperty("waitsFor").GetString().ShouldBe("w2");
        shares.RootElement.GetProperty("workers")[1].GetProperty("compute").GetDouble().ShouldBe(0.82);
    }

    [Fact]
    public async Task A_job_of_a_cluster_is_found_by_its_id()
    {
        Record(20);
        _program.Cluster.Jobs.Add(FakeCluster.Job("mnist-7"));
        _program.Cluster.Timeline = () => new MemoryStream(File.ReadAllBytes(Timeline));
        (await _program.RunAsync("timeline mnist --server http://127.0.0.1:7701")).ShouldBe(0);
        Slices("mnist-7.timeline.json").ShouldContain("step 19");
    }

    [Theory]
    [InlineData("timeline nowhere", "there is no such folder")]
    [InlineData("timeline runs/mnist-1", "mnist-1 has no timeline (yet)")]
    [InlineData("timeline runs/mnist-1 --steps 9..7", "--steps: 9..7 is no range of steps")]
    [InlineData("timeline runs/mnist-1 --steps ..", "--steps: .. is no range of steps")]
    [InlineData("timeline runs/mnist-1 --steps -3", "--steps: -3 is no range of steps")]
    public async Task What_cannot_be_shown_is_refused(string line, string complaint)
        => (await _program.RefuseAsync(line)).ShouldHaveSingleItem().ShouldContain(complaint);

    [Theory]
    [InlineData("--steps 900..950", "none of these steps is in its timeline; kept are 20 steps from 0 to 19")]
    [InlineData("--epoch 9", "none of these steps")]
    [InlineData("--out nowhere/t.json", "--out: ")]
    public async Task What_is_not_there_is_said_with_what_is(string flags, string complaint)
    {
        Record(20);
        (await _program.RefuseAsync($"timeline runs/mnist-1 {flags}"))
            .ShouldHaveSingleItem().ShouldContain(complaint);
    }

    [Fact]
    public async Task A_job_without_a_timeline_is_said_to_have_none()
    {
        _program.Cluster.Jobs.Add(FakeCluster.Job("mnist-7"));
        (await _program.RefuseAsync("timeline mnist-7 --server http://127.0.0.1:7701"))
            .ShouldHaveSingleItem().ShouldContain("mnist-7 has no timeline (yet)");
    }

    private string[] Slices(string file)
    {
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllText(_program.Workspace.File(file)));
        return
        [
            .. trace.RootElement.GetProperty("traceEvents").EnumerateArray()
                .Where(e => e.GetProperty("ph").GetString() == "X")
                .Select(e => e.GetProperty("name").GetString()!),
        ];
    }

    /// <summary>Steps of 100 ms, in which w2 answers 60 ms after w1; a hundred make an epoch.</summary>
    private void Record(int steps)
    {
        long start = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;
        using TimelineLog log = TimelineLog.Create(Timeline);
        for (int step = 0; step < steps; step++)
        {
            long begin = start + (Ms(100) * step).Ticks;
            log.Write(
                new StepMetrics(step, 1 + step / 100, 1, 0.5, 0.1, 64, 1, false, Ms(100))
                {
                    Times = new StepTimes(Ms(90), Ms(6), Ms(4), [
                        new WorkerTimes(
                            "w1", Ms(0), Ms(30), Ms(22), Ms(8), Ms(70), [new ShardTimes(0, Ms(4), Ms(22))]),
                        new WorkerTimes(
                            "w2", Ms(0), Ms(90), Ms(82), Ms(8), Ms(10), [new ShardTimes(1, Ms(4), Ms(82))]),
                    ]),
                },
                begin);
            if (step == 199)
            {
                log.Write(TimelinePhaseKind.Evaluation, 200, begin, Ms(50));
            }
        }
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}

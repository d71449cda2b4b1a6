using System.Text.Json;
using System.Xml.Linq;
using DistTrain.Runs.Tests.Fixtures;
using DistTrain.Runs.Timeline;
using static DistTrain.Runs.Tests.Fixtures.FakeTimes;

namespace DistTrain.Runs.Tests.Timeline;

public sealed class TraceWriterTests
{
    private static readonly TimelineStep[] _steps = [.. Enumerable.Range(7, 3).Select(i => StepOf(i, "w2"))];

    private static readonly TimelinePhase[] _phases =
        [new(TimelinePhaseKind.Checkpoint, 8, Start + Ms(750), Ms(20))];

    [Fact]
    public void A_trace_has_the_coordinator_and_every_worker_as_a_process()
        => Events("M", "process_name")
            .Select(e => (Pid(e), e.GetProperty("args").GetProperty("name").GetString()))
            .ShouldBe([(1, "coordinator"), (2, "w1"), (3, "w2")]);

    [Fact]
    public void Times_are_microseconds_from_the_first_step_shown()
    {
        JsonElement second = Events("X", "step 8").ShouldHaveSingleItem();
        (Ts(second), Dur(second)).ShouldBe((100_000, 100_000));
        JsonElement shard = Events("X", "shard 3").First();
        (Pid(shard), Ts(shard), Dur(shard)).ShouldBe((3, 45_000, 40_000));
        shard.GetProperty("args").GetProperty("step").GetInt64().ShouldBe(7);
        (Ts(Events("X", "checkpoint").Single()), Dur(Events("X", "checkpoint").Single()))
            .ShouldBe((50_000, 20_000));
    }

    /// <summary>In floating-point numbers, as viewers add them up.</summary>
    [Fact]
    public void Slices_of_a_process_nest_to_the_last_bit_whatever_their_times()
    {
        TimelineStep[] steps = Uneven.Steps(seed: 1, count: 200);
        foreach (var process in Events(steps, "X", null)
            .Where(e => e.GetProperty("name").GetString() != "checkpoint").GroupBy(Pid))
        {
            var open = new Stack<double>();
            foreach (JsonElement slice in process.OrderBy(Ts).ThenByDescending(Dur))
            {
                while (open.Count > 0 && open.Peek() <= Ts(slice))
                {
                    open.Pop();
                }

                double end = Ts(slice) + Dur(slice);
                (open.Count == 0 || end <= open.Peek()).ShouldBeTrue(slice.ToString());
                open.Push(end);
            }
        }
    }

    [Fact]
    public void Times_are_told_to_an_eighth_of_a_microsecond()
    {
        TimelineStep[] steps = Uneven.Steps(seed: 2, count: 20);
        foreach ((TimelineStep step, JsonElement slice) in steps.Zip(
            Events(steps, "X", null).Where(e => e.GetProperty("cat").GetString() == "step")))
        {
            Ts(slice).ShouldBe((step.Begin - steps[0].Begin).TotalMicroseconds, 0.125);
            Dur(slice).ShouldBe(step.Times.Elapsed.TotalMicroseconds, 0.125);
        }
    }

    [Fact]
    public void A_slow_worker_is_seen_computing_while_the_other_waits()
    {
        double Total(int pid, Func<string, bool> named) => Events("X")
            .Where(e => Pid(e) == pid && named(e.GetProperty("name").GetString()!)).Sum(Dur);
        Total(3, name => name.StartsWith("shard ")).ShouldBe(3 * 80_000);
        Total(2, name => name.StartsWith("shard ")).ShouldBe(3 * 20_000);
        Total(2, name => name == "waiting").ShouldBe(3 * 70_000);
        Total(3, name => name == "waiting").ShouldBe(3 * 11_000);
    }

    [Fact]
    public void Every_arrow_that_begins_ends_and_counters_tell_speed_and_loss()
    {
        Events("s").Select(Id).ShouldBe(Events("f").Select(Id));
        Events("s").Count().ShouldBe(3 * 2 * 2, "an order and an answer for each worker in each step");
        Events("C", "samples/s").Select(e => e.GetProperty("args").GetProperty("value").GetDouble())
            .ShouldBe([640.0, 640, 640]);
        Events("C", "loss").Count().ShouldBe(3);
    }

    [Fact]
    public void A_loss_that_is_not_a_number_is_left_out_so_that_the_file_is_json()
        => Events([_steps[0] with { Loss = float.NaN }], "C", "loss").ShouldBeEmpty();

    [Fact]
    public void A_picture_is_well_formed_and_has_a_row_for_everyone()
    {
        var svg = XDocument.Parse(TimelinePicture.File(
            [.. _steps.Select(step => step with
            {
                Times = step.Times with
                {
                    Workers = [step.Times.Workers[0] with { Worker = "<w&1>" }, step.Times.Workers[1]],
                },
            })], _phases));
        XNamespace ns = "http://www.w3.org/2000/svg";
        string[] texts = [.. svg.Descendants(ns + "text").Select(text => text.Value)];
        texts.ShouldContain("coordinator");
        texts.ShouldContain("<w&1>");
        texts.ShouldContain("step 8");
        string[] slices =
            [.. svg.Descendants(ns + "rect").Elements(ns + "title").Select(title => title.Value)];
        slices.Count(title => title.Contains("w2, step 9: shard")).ShouldBe(2);
        slices.ShouldContain("w2, step 8: shard 2, 40 ms");
        slices.ShouldContain("checkpoint, 20 ms");
    }

    [Fact]
    public void A_picture_of_more_than_can_be_told_apart_shows_the_first_of_it()
    {
        TimelineStep[] many = [.. Enumerable.Range(0, 5000).Select(i => StepOf(i, "w2"))];
        TimelinePicture.File(many, []).Length.ShouldBeLessThan(1_000_000);
    }

    private static IEnumerable<JsonElement> Events(string phase, string? name = null)
        => Events(_steps, phase, name);

    private static JsonElement[] Events(TimelineStep[] steps, string phase, string? name)
    {
        var file = new MemoryStream();
        TraceWriter.Write(file, "mnist-1", steps, _phases);
        using JsonDocument document = JsonDocument.Parse(file.ToArray());
        return
        [
            .. document.RootElement.GetProperty("traceEvents").EnumerateArray()
                .Where(e => e.GetProperty("ph").GetString() == phase
                    && (name is null || e.GetProperty("name").GetString() == name))
                .Select(e => e.Clone()),
        ];
    }

    private static int Pid(JsonElement e) => e.GetProperty("pid").GetInt32();

    private static long Id(JsonElement e) => e.GetProperty("id").GetInt64();

    private static double Ts(JsonElement e) => e.GetProperty("ts").GetDouble();

    private static double Dur(JsonElement e) => e.GetProperty("dur").GetDouble();
}

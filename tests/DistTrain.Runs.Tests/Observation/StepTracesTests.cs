using System.Diagnostics;
using DistTrain.Runs.Observation;
using DistTrain.Runs.Tests.Fixtures;
using static DistTrain.Runs.Tests.Fixtures.FakeTimes;

namespace DistTrain.Runs.Tests.Observation;

public sealed class StepTracesTests : IDisposable
{
    private readonly string _run = $"run-{Guid.NewGuid()}";
    private readonly List<Activity> _spans = [];
    private readonly HandTime _time = new();
    private readonly ActivityListener _listener;
    private Func<string, bool> _wants = _ => true;

    public StepTracesTests()
    {
        // Listeners are the process's: others' steps pass by here too.
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == StepTraces.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options)
                => _wants(options.Name) ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                lock (_spans)
                {
                    _spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_step_is_a_trace_with_a_span_for_each_worker_and_below_it_for_each_shard()
    {
        Activity step = Told(7);
        step.ParentId.ShouldBeNull();
        (step.OperationName, step.StartTimeUtc, step.Duration)
            .ShouldBe(("disttrain.step", (Start + Ms(700)).UtcDateTime, Ms(100)));
        step.GetTagItem("disttrain.step").ShouldBe(7L);
        step.GetTagItem("disttrain.job.name").ShouldBe("mnist");

        Activity[] children = Below(step);
        children.Select(span => span.OperationName).ShouldBe(
            ["disttrain.worker", "disttrain.worker", "disttrain.reduce", "disttrain.update"]);
        Activity slow = children[1];
        (slow.GetTagItem("disttrain.worker"), slow.StartTimeUtc, slow.Duration)
            .ShouldBe(("w2", (Start + Ms(701)).UtcDateTime, Ms(89)));
        Activity[] shards = Below(slow);
        shards.Select(span => (span.OperationName, span.GetTagItem("disttrain.shard"), span.Duration))
            .ShouldBe([("disttrain.shard", (object)2, Ms(40)), ("disttrain.shard", 3, Ms(40))]);
        children[2].StartTimeUtc.ShouldBe((Start + Ms(790)).UtcDateTime);
    }

    [Fact]
    public void Steps_are_traces_of_their_own_whatever_span_they_are_told_in()
    {
        using var around = new Activity("a request").Start();
        (Activity first, Activity second) = (Told(0), Told(1));
        first.TraceId.ShouldNotBe(second.TraceId);
        first.TraceId.ShouldNotBe(around.TraceId);
        Activity.Current.ShouldBe(around);
    }

    [Fact]
    public void A_skipped_step_is_an_error_without_an_update()
    {
        Activity step = Told(3, skipped: true);
        step.Status.ShouldBe(ActivityStatusCode.Error);
        Below(step).Select(span => span.OperationName).ShouldNotContain("disttrain.update");
    }

    [Fact]
    public void A_step_that_the_listener_does_not_want_leaves_nothing()
    {
        _wants = name => name != "disttrain.step";
        new StepTraces("mnist", _run, _time).OnStep(Step(0));
        Mine().ShouldBeEmpty();
    }

    private Activity Told(long number, bool skipped = false)
    {
        _time.At(Ms(100) * (number + 1));
        new StepTraces("mnist", _run, _time).OnStep(Step(number, skipped: skipped));
        return Mine()[^1];
    }

    private Activity[] Mine()
    {
        lock (_spans)
        {
            return [.. _spans.Where(span => _run.Equals(span.GetTagItem("disttrain.run")))];
        }
    }

    private Activity[] Below(Activity parent)
    {
        lock (_spans)
        {
            return [.. _spans.Where(span => span.ParentSpanId == parent.SpanId)];
        }
    }
}

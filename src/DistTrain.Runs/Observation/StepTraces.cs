using System.Diagnostics;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;

namespace DistTrain.Runs.Observation;

/// <summary>
/// Each step as a trace of its own, for whoever listens to the source <see cref="SourceName"/>, such as an
/// exporter of OpenTelemetry: the step, below it sum and update and a span for every worker, below that one
/// for every shard. They are made when the step is over, from what it tells of its time, so that workers need
/// no exporter of their own. The listener samples: a step it does not want costs it one question, and without
/// a listener there is not even that.
/// </summary>
/// <param name="job">The job's name.</param>
/// <param name="run">The run's.</param>
/// <param name="time">The clock and the calendar.</param>
public sealed class StepTraces(string job, string run, TimeProvider time) : IRunObserver
{
    /// <summary>What a listener asks for.</summary>
    public const string SourceName = "DistTrain";

    private static readonly ActivitySource _source = new(SourceName);
    private readonly StepCalendar _calendar = new(time);
    private TrainingPlan? _plan;

    public void OnStarted(RunStarted started) => _plan = started.Plan;

    public void OnStep(StepMetrics step)
    {
        if (!_source.HasListeners() || step.Times is not { } times)
        {
            return;
        }

        // Whoever told of the step may be within a span of its own; a step is nobody's child.
        Activity? around = Activity.Current;
        Activity.Current = null;
        try
        {
            Trace(step, times, new DateTimeOffset(_calendar.BeginOf(times), TimeSpan.Zero));
        }
        finally
        {
            Activity.Current = around;
        }
    }

    private void Trace(StepMetrics step, StepTimes times, DateTimeOffset begin)
    {
        using Activity? span = _source.StartActivity(
            "disttrain.step", ActivityKind.Internal, default(ActivityContext),
            [
                new("disttrain.job.name", job), new("disttrain.run", run), new("disttrain.step", step.Step),
                new("disttrain.epoch", step.Epoch), new("disttrain.samples", step.Samples),
                new("disttrain.loss", step.Loss), new("disttrain.skipped", step.Skipped),
            ],
            startTime: begin);
        if (span is not { IsAllDataRequested: true })
        {
            span?.SetEndTime((begin + times.Elapsed).UtcDateTime);
            return;
        }

        if (step.Skipped)
        {
            span.SetStatus(ActivityStatusCode.Error, "the gradient was not finite; the update was left out");
        }

        foreach (WorkerTimes worker in times.Workers)
        {
            Trace(step, worker, begin, span.Context);
        }

        DateTimeOffset reduce = begin + times.Computing, update = reduce + times.Reducing;
        Child("disttrain.reduce", span.Context, reduce, times.Reducing)?.Dispose();
        if (!step.Skipped)
        {
            Child("disttrain.update", span.Context, update, times.Updating)?.Dispose();
        }

        span.SetEndTime((begin + times.Elapsed).UtcDateTime);
    }

    private void Trace(StepMetrics step, WorkerTimes worker, DateTimeOffset begin, ActivityContext parent)
    {
        using Activity? span = Child(
            "disttrain.worker", parent, begin + worker.Ordered, worker.Answered - worker.Ordered);
        if (span is null)
        {
            return;
        }

        span.SetTag("disttrain.worker", worker.Worker);
        span.SetTag("disttrain.worker.compute", worker.Compute.TotalSeconds);
        span.SetTag("disttrain.worker.exchange", worker.Exchange.TotalSeconds);
        foreach (ShardTimes shard in worker.Shards)
        {
            using Activity? computed = Child(
                "disttrain.shard", span.Context, begin + shard.Start, shard.Duration);
            computed?.SetTag("disttrain.worker", worker.Worker);
            computed?.SetTag("disttrain.shard", shard.Shard);
            computed?.SetTag("disttrain.samples", _plan?.SamplesOf(step.Step, shard.Shard).Count);
        }
    }

    /// <summary>A span that is over; disposing it hands it to the listener.</summary>
    private static Activity? Child(
        string name, ActivityContext parent, DateTimeOffset begin, TimeSpan duration)
        => _source.StartActivity(name, ActivityKind.Internal, parent, startTime: begin)
            ?.SetEndTime((begin + duration).UtcDateTime);
}

using System.Diagnostics.Metrics;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Instruments;

/// <summary>
/// What a step was for each of its workers: compute, exchange, waiting for the others, and the update, which
/// together are the step.
/// </summary>
internal sealed class WorkerInstruments(Meter meter, KeyValuePair<string, object?> job)
{
    private static readonly KeyValuePair<string, object?> Compute = new(Labels.Part, "compute");
    private static readonly KeyValuePair<string, object?> Exchange = new(Labels.Part, "exchange");
    private static readonly KeyValuePair<string, object?> Waiting = new(Labels.Part, "waiting");
    private static readonly KeyValuePair<string, object?> Update = new(Labels.Part, "update");

    private readonly Histogram<double> _parts = RunMetrics.WorkerDuration.Histogram(meter);
    private readonly Gauge<double> _shards = RunMetrics.WorkerShards.Gauge(meter);
    private readonly Gauge<double> _throughput = RunMetrics.WorkerRate.Gauge(meter);
    private readonly Gauge<double> _slow = RunMetrics.WorkerSlow.Gauge(meter);

    public void Record(StepTimes times)
    {
        double update = (times.Reducing + times.Updating).TotalSeconds;
        for (int i = 0; i < times.Workers.Count; i++)
        {
            WorkerTimes one = times.Workers[i];
            var worker = new KeyValuePair<string, object?>(Labels.Worker, one.Worker);
            _parts.Record(one.Compute.TotalSeconds, job, worker, Compute);
            _parts.Record(one.Exchange.TotalSeconds, job, worker, Exchange);
            // Its own waiting, as the step's times have it, goes on to the end of the step.
            _parts.Record(Math.Max(0, one.Waiting.TotalSeconds - update), job, worker, Waiting);
            _parts.Record(update, job, worker, Update);
        }
    }

    public void Record(IReadOnlyList<WorkerPace> paces)
    {
        foreach (WorkerPace pace in paces)
        {
            var worker = new KeyValuePair<string, object?>(Labels.Worker, pace.Worker);
            _shards.Record(pace.Shards, job, worker);
            _throughput.Record(pace.SamplesPerSecond, job, worker);
            _slow.Record(pace.IsSlow ? 1 : 0, job, worker);
        }
    }
}

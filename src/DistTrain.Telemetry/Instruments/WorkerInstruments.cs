using System.Diagnostics.Metrics;
using DistTrain.Core.Coordination;
using DistTrain.Core.Coordination.Timing;
using DistTrain.Telemetry.Catalogue;

namespace DistTrain.Telemetry.Instruments;

/// <summary>
/// What a step was for each of its workers: compute, exchange, waiting for the others, and the update, which
/// together are the step. Paces are those of the workers that are here; a worker that is gone has none.
/// </summary>
internal sealed class WorkerInstruments
{
    private static readonly KeyValuePair<string, object?> Compute = new(Labels.Part, "compute");
    private static readonly KeyValuePair<string, object?> Exchange = new(Labels.Part, "exchange");
    private static readonly KeyValuePair<string, object?> Waiting = new(Labels.Part, "waiting");
    private static readonly KeyValuePair<string, object?> Update = new(Labels.Part, "update");

    private readonly KeyValuePair<string, object?> _job;
    private readonly Histogram<double> _parts;
    private volatile IReadOnlyList<WorkerPace> _paces = [];

    public WorkerInstruments(Meter meter, KeyValuePair<string, object?> job)
    {
        _job = job;
        _parts = RunMetrics.WorkerDuration.Histogram(meter);
        OfPaces(meter, RunMetrics.WorkerShards, pace => pace.Shards);
        OfPaces(meter, RunMetrics.WorkerRate, pace => pace.SamplesPerSecond);
        OfPaces(meter, RunMetrics.WorkerSlow, pace => pace.IsSlow ? 1 : 0);
    }

    public void Record(StepTimes times)
    {
        double step = times.Elapsed.TotalSeconds;
        double update = (times.Reducing + times.Updating).TotalSeconds;
        for (int i = 0; i < times.Workers.Count; i++)
        {
            WorkerTimes one = times.Workers[i];
            double compute = one.Compute.TotalSeconds;
            double exchange = one.Exchange.TotalSeconds;
            var worker = new KeyValuePair<string, object?>(Labels.Worker, one.Worker);
            _parts.Record(compute, _job, worker, Compute);
            _parts.Record(exchange, _job, worker, Exchange);
            _parts.Record(Math.Max(0, step - compute - exchange - update), _job, worker, Waiting);
            _parts.Record(update, _job, worker, Update);
        }
    }

    public void Record(IReadOnlyList<WorkerPace> paces) => _paces = paces;

    private void OfPaces(Meter meter, MetricDefinition metric, Func<WorkerPace, double> value)
        => metric.Observe(meter, () => _paces.Select(pace => new Measurement<double>(
            value(pace), _job, new KeyValuePair<string, object?>(Labels.Worker, pace.Worker))));
}

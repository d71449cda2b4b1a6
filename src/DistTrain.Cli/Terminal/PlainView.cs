using DistTrain.Core.Coordination;
using DistTrain.Core.Sharding;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// For pipes and logs: a line when the run starts, two an epoch, one a validation, one a notice, and one when
/// workers come, go or become slow. ASCII throughout and without
/// escape codes, in words that grep finds.
/// </summary>
public sealed class PlainView(TextWriter writer) : IRunView
{
    private RunStarted? _run;
    private StepMetrics? _last;
    private string _workers = "";

    public void OnStarted(RunStarted run)
    {
        _run = run;
        writer.WriteLine(RunText.Opening(run));
    }

    public void OnStep(StepMetrics step) => _last = step;

    public void OnEpoch(EpochMetrics epoch)
    {
        TrainingPlan? plan = _run?.Plan;
        BatchPhases? batches = plan?.Batches.All.Count > 1 ? plan.Batches : null;
        writer.WriteLine(RunText.Epoch(
            epoch, Math.Max(plan?.LastEpoch ?? 0, epoch.Epoch),
            batches?.OfEpoch(epoch.Epoch - 1).GlobalBatch));
        if (_run is { } run && _last is { } step)
        {
            writer.WriteLine(RunText.Noise(step, run).Replace("≈", "about", StringComparison.Ordinal));
        }
    }

    public void OnValidation(ValidationPoint validation)
        => writer.WriteLine(RunText.Validation(validation));

    public void OnWorkers(IReadOnlyList<WorkerPace> workers)
    {
        string signature = WorkerText.Signature(workers);
        if (workers.Count > 0 && !string.Equals(signature, _workers, StringComparison.Ordinal))
        {
            _workers = signature;
            writer.WriteLine(WorkerText.Brief(workers));
        }
    }

    public void OnNotice(string text) => writer.WriteLine(Units.Printable(text));

    public void Dispose() => writer.Flush();
}

using DistTrain.Core.Coordination;
using DistTrain.Core.Sharding;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// For pipes and logs: a line when the run starts, one an epoch and a validation, one a notice, and one when
/// workers come, go or become slow. ASCII throughout and without
/// escape codes, in words that grep finds.
/// </summary>
public sealed class PlainView(TextWriter writer) : IRunView
{
    private TrainingPlan? _plan;
    private string _workers = "";

    public void OnStarted(RunStarted run)
    {
        _plan = run.Plan;
        writer.WriteLine(RunText.Opening(run));
    }

    public void OnEpoch(EpochMetrics epoch)
    {
        BatchPhases? batches = _plan?.Batches.All.Count > 1 ? _plan.Batches : null;
        writer.WriteLine(RunText.Epoch(
            epoch, Math.Max(_plan?.LastEpoch ?? 0, epoch.Epoch),
            batches?.OfEpoch(epoch.Epoch - 1).GlobalBatch));
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

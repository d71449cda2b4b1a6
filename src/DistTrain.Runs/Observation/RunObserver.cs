using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Metrics;
using DistTrain.Runs.TensorBoard;

namespace DistTrain.Runs.Observation;

/// <summary>
/// Records a run as it happens: metrics.jsonl and TensorBoard. Training is worth more than its record: when a
/// file cannot be written, that is said once, the run goes on, and writing is tried again.
/// </summary>
/// <param name="metrics">The log; its owner disposes it.</param>
/// <param name="tensorBoard">The event file; its owner disposes it. null: none.</param>
/// <param name="notice">Is told, once per file, when it cannot be written.</param>
public sealed class RunObserver(MetricsLog metrics, TensorBoardWriter? tensorBoard, Action<string> notice)
    : IRunObserver
{
    private bool _saidMetrics;
    private bool _saidEvents;

    public void OnStarted(RunStarted run) => tensorBoard?.Expect(run.Plan.TotalSteps);

    public void OnStep(StepMetrics step)
    {
        Guard(ref _saidMetrics, () => metrics.Write(step));
        Guard(ref _saidEvents, () => tensorBoard?.Write(step));
    }

    public void OnEpoch(EpochMetrics epoch)
    {
        Guard(ref _saidMetrics, () => metrics.Write(epoch));
        Guard(ref _saidEvents, () => tensorBoard?.Write(epoch));
    }

    public void OnValidation(ValidationPoint validation)
    {
        Guard(ref _saidMetrics, () => metrics.Write(validation));
        Guard(ref _saidEvents, () => tensorBoard?.Write(validation));
    }

    /// <summary>
    /// Brings metrics.jsonl up to the step at hand; to be called before a checkpoint is saved.
    /// </summary>
    public void Flush() => Guard(ref _saidMetrics, metrics.Flush);

    private void Guard(ref bool said, Action write)
    {
        try
        {
            write();
        }
        catch (RunFaultException e)
        {
            if (!said)
            {
                said = true;
                notice($"{e.Message}; the run goes on, and writing is tried again");
            }
        }
    }
}

using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.State;

namespace DistTrain.Runtime.Training;

/// <summary>
/// Runs the coordinator's machine in any host: receives a message, lets the machine decide, performs
/// the effects.
/// </summary>
/// <param name="self">Its name.</param>
/// <param name="host">Where it lives.</param>
/// <param name="machine">Decides.</param>
/// <param name="state">The tensors.</param>
/// <param name="aggregator">Sums and updates them.</param>
/// <param name="weights">Brings them to the workers.</param>
/// <param name="storage">Checkpoints; null: nothing is saved.</param>
/// <param name="observer">Watches.</param>
/// <param name="time">The clock.</param>
/// <param name="disk">
/// Runs work that waits for a disk: at once where nothing else depends on this thread, aside where a link's
/// read loop may have come here with a message.
/// </param>
/// <param name="owner">Hears of the end.</param>
public sealed class CoordinatorActor(
    ActorId self, IActorHost host, CoordinatorMachine machine, TrainingState state, IAggregator aggregator,
    IWeightsPublisher weights, IRunStorage? storage, IRunObserver observer, TimeProvider time,
    Action<Action> disk, IRunOwner owner) : IActor
{
    private readonly long _start = time.GetTimestamp();
    private readonly List<Effect> _effects = [];

    public void Receive(IMessage message)
    {
        IMessage input = message is ActorStopped stopped
            ? new WorkerLost(stopped.Actor, stopped.Fault?.Message ?? "it was stopped")
            : message;
        if (input is CheckpointFinished finished && storage is not null)
        {
            observer.OnCheckpoint(new CheckpointMetrics(finished.Elapsed, finished.Error));
        }
        _effects.Clear();
        machine.Handle(input, time.GetElapsedTime(_start), _effects);
        // Orders first: workers need not wait until a step has been written down.
        foreach (Effect effect in _effects)
        {
            if (effect is Send send)
            {
                Deliver(send);
            }
        }
        foreach (Effect effect in _effects)
        {
            Perform(effect);
        }
        if (input is SubtreeReady ready)
        {
            aggregator.Settle(ready, machine.Gradients);
        }
    }

    public void Dispose() { }

    private void Perform(Effect effect)
    {
        switch (effect)
        {
            case Send:
                break;
            case ReduceGradients reduce:
                aggregator.Reduce(reduce, reduced => host.Tell(self, reduced));
                break;
            case ApplyUpdate update:
                aggregator.Apply(update, applied => host.Tell(self, applied));
                break;
            case SaveCheckpoint save:
                // The machine waits for the answer and changes nothing meanwhile.
                disk(() => Save(save));
                break;
            case RestoreBest restore:
                disk(() => host.Tell(self, new BestRestored(ErrorOf(() => LoadBest(restore.Epoch)))));
                break;
            case ReportStep report:
                observer.OnStep(report.Metrics);
                break;
            case ReportEvaluating report:
                observer.OnEvaluating(report.Epoch, report.Split.ToString().ToLowerInvariant());
                break;
            case ReportEpoch report:
                observer.OnEpoch(report.Metrics);
                break;
            case ReportValidation report:
                observer.OnValidation(report.Point);
                break;
            case ReportWorkers report:
                observer.OnWorkers(report.Paces);
                break;
            case WorkerReleased released:
                owner.OnWorkerReleased(released.Worker);
                break;
            case Notice notice:
                observer.OnNotice(notice.Text);
                break;
            case Finish finish:
                owner.OnFinished(finish.Outcome);
                break;
            default:
                throw new InvalidOperationException(
                    $"the coordinator cannot perform {effect.GetType().Name}");
        }
    }

    private void Deliver(Send send)
    {
        if (send.Message is IVersionedOrder order)
        {
            weights.Deliver(send.To, order);
        }
        else
        {
            host.Tell(send.To, send.Message);
        }
    }

    private void Save(SaveCheckpoint save)
    {
        long begun = time.GetTimestamp();
        string? error = ErrorOf(() => storage?.Save(save.Progress, state, save.IsBest));
        host.Tell(self, new CheckpointFinished(error) { Elapsed = time.GetElapsedTime(begun) });
    }

    private void LoadBest(int epoch)
    {
        if (storage is null)
        {
            throw new RunFaultException("the best weights were not kept, for this run saves nothing");
        }
        storage.LoadBest(state, epoch);
    }

    /// <summary>
    /// A fault of the disk is an outcome the machine decides about; any other exception is a bug.
    /// </summary>
    private static string? ErrorOf(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (DistTrainException fault)
        {
            return fault.Message;
        }
    }
}

using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Hosting;
using DistTrain.Core.Membership;
using DistTrain.Core.Tests.Simulation.Faults;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>
/// One attempt at a job in the coordinator's process: the run's machine, its weights, the gradients it has
/// received. Every effect that touches weights is held against the reference.
/// </summary>
internal sealed class RunHost
{
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(4);
    private readonly World _world;
    private readonly CoordinatorNode _node;
    private readonly Disk _disk;
    private readonly SimJob _job;
    private readonly CoordinatorMachine _machine;
    private readonly Dictionary<ActorId, Link> _links = [];
    private readonly GradientStore _gradients;
    private readonly HashSet<(ActorId Worker, long Version)> _answered = [];
    private readonly float[] _weights;
    private float[]? _sum;
    private Checkpoint? _beingWritten;
    private bool _hasEnded;
    private bool _isRestored;

    public RunHost(World world, CoordinatorNode node, Disk disk, RunId run, SimJob job)
    {
        (_world, _node, _disk, _job, Run) = (world, node, disk, job, run);
        Checkpoint checkpoint = disk.LatestOf(run.Job);
        RunChecks.Resumes(world, run, job, checkpoint, disk.DurableStepOf(run.Job));
        _weights = [.. checkpoint.Weights];
        _gradients = new GradientStore(world, job, run);
        int least = disk.RecordOf(run.Job)!.MinWorkers;
        var spec = job.Spec with { Workers = job.Spec.Workers with { Min = least } };
        _machine = new CoordinatorMachine(spec, job.Plan, checkpoint.Progress, initialWorkers: 1);
    }

    public RunId Run { get; }

    /// <summary>The link a worker's part in the run goes over.</summary>
    public void Connect(ActorId worker, Link link)
    {
        _links[worker] = link;
        // Another worker of the same name: what the last one had is gone.
        _answered.RemoveWhere(answer => answer.Worker == worker);
    }

    public void OnWorkerMessage(Link link, IMessage message)
    {
        var worker = new ActorId(link.Worker.Name);
        if (_links.GetValueOrDefault(worker) != link)
        {
            return;
        }
        if (message is GradientPayload payload)
        {
            _gradients.Receive(payload);
            _answered.Add((worker, payload.Ready.Step));
            Handle(payload.Ready);
        }
        else
        {
            Handle(message);
        }
    }

    public void Handle(IMessage message)
    {
        if (_world.Mutation.ToRun(message, _machine) is not { } told)
        {
            return;
        }
        List<Effect> effects = [];
        _machine.Handle(told, _node.ClockNow, effects);
        foreach (Effect effect in _world.Mutation.FromRun(effects))
        {
            if (!_node.IsAlive)
            {
                return;
            }
            _world.Demand(!_hasEnded, $"{Run} does {effect} after its end");
            _hasEnded = effect is Finish;
            Perform(effect);
        }
        if (told is WorkerLost lost)
        {
            _links.Remove(lost.Worker);
        }
    }

    /// <summary>The process is gone; what was being written may be there in part.</summary>
    public void OnKilled()
    {
        if (_beingWritten is { } checkpoint && _world.Chance.OneIn(2))
        {
            _disk.Tear(Run.Job, checkpoint);
        }
    }

    private void Perform(Effect effect)
    {
        _world.Note(Run.ToString(), "does", effect);
        switch (effect)
        {
            case Send send:
                Send(send);
                break;
            case ReduceGradients reduce:
                _sum = _gradients.Reduce(reduce);
                double norm = Math.Sqrt(_sum.Sum(x => (double)x * x));
                Later(new GradientsReduced(reduce.Step, reduce.Step == _job.NotFiniteAt ? double.NaN : norm));
                break;
            case ApplyUpdate update:
                TinyModel.Update(_weights, _sum!, update.LearningRate, update.MeanScale);
                RunChecks.IsReference(_world, _job, update.Step + 1, _weights, $"{Run}: the update");
                Later(new UpdateApplied(update.Step));
                break;
            case SaveCheckpoint save:
                Save(save);
                break;
            case RestoreBest _:
                BringBackBest();
                break;
            case ReportValidation:
                _world.Census.ValidationsBetween++;
                break;
            case ReportStep report:
                _world.Census.Steps++;
                _world.Census.Overflows += report.Metrics is { Skipped: true, LossScale: > 1 } ? 1 : 0;
                RunChecks.IsCommittedAfter(_world, _machine.Progress.Step, report.Metrics.Step, Run);
                break;
            case WorkerReleased released:
                _node.Post(TimeSpan.Zero, () => _node.Tell(
                    new RunReleasedWorker(Run, new NodeId(released.Worker.Name))));
                break;
            case Finish finish:
                RunChecks.Finished(_world, _job, finish.Outcome, _weights, _isRestored, Run);
                _node.Post(Work, () => _node.OnRunEnded(this, finish.Outcome));
                break;
            default:
                break;
        }
    }

    private void Send(Send send)
    {
        if (!_links.TryGetValue(send.To, out Link? link))
        {
            return;
        }
        if (send.Message is ComputeGradients compute)
        {
            RunChecks.IsValidated(_world, _job, compute, _machine.Progress);
        }
        _node.Send(link, new RunMessage(Run, send.Message));
        // Weights follow the order, unless an answer has shown that the worker has them.
        if (send.Message is IVersionedOrder order && !_answered.Contains((send.To, order.Version)))
        {
            RunChecks.IsReference(_world, _job, order.Version, _weights, $"{Run}: an order's weights");
            _node.Send(link, new WeightsPayload(Run, order.Version, [.. _weights]));
        }
    }

    private void Save(SaveCheckpoint save)
    {
        RunChecks.IsReference(_world, _job, save.Progress.Step, _weights, $"{Run}: a checkpoint");
        _beingWritten = new Checkpoint(save.Progress, [.. _weights]);
        _node.Post(Work + _world.Chance.Exponential(0.05), () =>
        {
            string? error = _disk.Write(Run.Job, _beingWritten, save.IsBest);
            _beingWritten = null;
            Handle(new CheckpointFinished(error));
        });
    }

    /// <summary>The best weights are there unless the disk was full when they were to be written.</summary>
    private void BringBackBest()
    {
        Checkpoint? best = _disk.BestOf(Run.Job);
        _isRestored = best?.Progress.CompletedEpochs == _machine.Progress.EarlyStopping.BestEpoch;
        if (_isRestored)
        {
            _world.Census.BestRestored++;
            best!.Weights.CopyTo(_weights, 0);
        }
        Later(new BestRestored(_isRestored ? null : "the best weights are not there"));
    }

    private void Later(IMessage message) => _node.Post(Work, () => Handle(message));
}

using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Simulation.Model;

/// <summary>
/// What a job's run comes to, walked through step by step without any of the product's arithmetic: which
/// steps end epochs, which are validated between them, where it ends and which weights it keeps.
/// </summary>
internal sealed class SimCourse
{
    private readonly JobSpec _job;
    private readonly int _training;
    private readonly Func<long, double>? _lossOf;

    /// <param name="job">The effective job.</param>
    /// <param name="training">Training samples.</param>
    /// <param name="lossOf">Validation loss of a version; null: there is no validation set.</param>
    public SimCourse(JobSpec job, int training, Func<long, double>? lossOf)
    {
        (_job, _training, _lossOf) = (job, training, lossOf);
        Walk();
    }

    /// <summary>Versions at which epochs were closed; the last may be in the middle of one.</summary>
    public List<long> EpochEnds { get; } = [];

    /// <summary>Versions validated between the ends of epochs.</summary>
    public List<long> Between { get; } = [];

    public TargetReached? Target { get; private set; }

    /// <summary>The version training ends with.</summary>
    public long EndStep => EpochEnds[^1];

    /// <summary>The version of the best epoch, where the job wants it back; else that of the end.</summary>
    public long BestStep { get; private set; }

    /// <summary>The batch of an epoch, from 0.</summary>
    public static int BatchOf(BatchSpec batch, int epoch, int training)
    {
        double size = batch.Global;
        for (int i = 0; i < batch.Schedule.Milestones.Count; i++)
        {
            if (epoch >= batch.Schedule.Milestones[i])
            {
                size = batch.Schedule.Kind == BatchScheduleKind.Steps
                    ? batch.Schedule.Sizes[i]
                    : Math.Min(size * batch.Schedule.Factor, batch.Schedule.Most ?? training);
            }
        }
        return (int)size;
    }

    private void Walk()
    {
        (long step, long seen, double best, bool over) = (0, 0, double.PositiveInfinity, false);
        for (int epoch = 0; !over; epoch++)
        {
            int batch = BatchOf(_job.Batch, epoch, _training);
            bool closed = false;
            for (int left = _training; !closed; left -= batch)
            {
                step++;
                seen += Math.Min(batch, left);
                bool whole = left <= batch;
                over = step == _job.MaxSteps || (whole && epoch + 1 == _job.Epochs);
                bool between = !over && !whole && _lossOf is not null && step % _job.ValidateEverySteps == 0;
                if (between)
                {
                    Between.Add(step);
                }
                if (between || whole || over)
                {
                    over |= ReachesTarget(step, seen);
                }
                closed = whole || over;
            }
            over |= IsTheLast(step, ref best);
        }
        BestStep = _job.EarlyStopping is null ? step : BestStep;
    }

    private bool ReachesTarget(long step, long seen)
    {
        if (_job.Target is { } target && Target is null && _lossOf!(step) <= target.Value)
        {
            Target = new TargetReached(step, seen);
        }
        return _job.Target is { Stop: true } && Target is not null;
    }

    /// <summary>With a patience of one epoch the first that is no better is the last.</summary>
    private bool IsTheLast(long step, ref double best)
    {
        EpochEnds.Add(step);
        if (_lossOf is null || _lossOf(step) < best)
        {
            best = _lossOf?.Invoke(step) ?? 0;
            BestStep = step;
            return false;
        }
        return _job.EarlyStopping is not null;
    }
}

using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;
using DistTrain.Core.Tests.Simulation.Faults;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation.Hosts;

/// <summary>What a checkpoint holds.</summary>
internal sealed record Checkpoint(TrainingProgress Progress, float[] Weights);

/// <summary>
/// The coordinator's state directory: it outlives the process. Checkpoints are written aside and renamed, so
/// one is there whole or not at all; where the disk lies about that, the checksum tells and the one before it
/// counts.
/// </summary>
internal sealed class Disk(World world)
{
    private readonly Dictionary<JobId, JobRecord> _records = [];
    private readonly Dictionary<JobId, List<(Checkpoint Checkpoint, bool IsTorn)>> _checkpoints = [];
    private readonly Dictionary<JobId, Checkpoint> _best = [];
    private readonly Dictionary<JobId, long> _durable = [];

    public long Epoch { get; set; }

    /// <summary>Until then writing fails.</summary>
    public TimeSpan FullUntil { get; set; }

    public IReadOnlyList<JobRecord> Records => [.. _records.Values.OrderBy(record => record.Order)];

    public JobRecord? RecordOf(JobId job) => _records.GetValueOrDefault(job);

    /// <summary>False: it could not be written.</summary>
    public bool Write(JobRecord record)
    {
        if (world.Now < FullUntil)
        {
            world.Census.Count(FaultKind.RecordNotWritten);
            return false;
        }
        _records[record.Id] = record;
        return true;
    }

    /// <returns>null: it is on disk.</returns>
    public string? Write(JobId job, Checkpoint checkpoint, bool isBest)
    {
        if (world.Now < FullUntil)
        {
            world.Census.Count(FaultKind.CheckpointNotWritten);
            return "the disk is full";
        }
        Of(job).Add((checkpoint, IsTorn: false));
        if (isBest)
        {
            _best[job] = checkpoint;
        }
        _durable[job] = Math.Max(DurableStepOf(job), checkpoint.Progress.Step);
        return null;
    }

    public Checkpoint? BestOf(JobId job) => _best.GetValueOrDefault(job);

    /// <summary>What a run was told that it will find again, whatever happens.</summary>
    public long DurableStepOf(JobId job) => _durable.GetValueOrDefault(job);

    /// <summary>A write was under way when the process died: what there is of it is no checkpoint.</summary>
    public void Tear(JobId job, Checkpoint checkpoint)
    {
        world.Census.Count(FaultKind.CheckpointTorn);
        Of(job).Add((checkpoint with { Weights = [0, 0, 0] }, IsTorn: true));
    }

    /// <summary>The last one whose checksum is right.</summary>
    public Checkpoint LatestOf(JobId job)
    {
        IEnumerable<(Checkpoint, bool)> newestFirst = Enumerable.Reverse(Of(job));
        foreach ((Checkpoint checkpoint, bool isTorn) in world.Mutation.TakesOldest ? Of(job) : newestFirst)
        {
            if (!isTorn || world.Mutation.IgnoresChecksums)
            {
                return checkpoint;
            }
        }
        return new Checkpoint(new TrainingProgress(), TinyModel.InitialWeights);
    }

    private List<(Checkpoint Checkpoint, bool IsTorn)> Of(JobId job)
    {
        if (!_checkpoints.TryGetValue(job, out List<(Checkpoint, bool)>? all))
        {
            _checkpoints[job] = all = [];
        }
        return all;
    }
}

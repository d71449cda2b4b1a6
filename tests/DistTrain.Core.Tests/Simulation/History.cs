using DistTrain.Core.Cluster;
using DistTrain.Core.Tests.Simulation.Faults;
using DistTrain.Core.Tests.Simulation.Hosts;
using DistTrain.Core.Tests.Simulation.Model;
using DistTrain.Core.Tests.Simulation.Virtual;

namespace DistTrain.Core.Tests.Simulation;

/// <summary>
/// One history of a cluster: a time of misfortunes, then calm, in which every job must come to where it was
/// told to be. All of it follows from the seed.
/// </summary>
internal sealed class History
{
    /// <summary>Of virtual time after the last misfortune.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(150);

    private readonly World _world;
    private readonly SimCluster _cluster;
    private readonly TimeSpan _roughUntil;
    private readonly bool _resumesPaused;

    private History(World world)
    {
        _world = world;
        Chance chance = world.Chance;
        bool ordered = chance.OneIn(2);
        var weather = new Weather(
            ordered, ordered ? 0 : Rate(), ordered ? 0 : Rate(), TailOneIn: chance.OneIn(3) ? 0 : 30);
        int workers = chance.Between(1, 5);
        _cluster = new SimCluster(world, weather, workers);
        _roughUntil = TimeSpan.FromSeconds(chance.Between(2, 9));
        _resumesPaused = !chance.OneIn(4);
        int jobs = chance.Between(1, 3);
        for (int i = 0; i < jobs; i++)
        {
            int least = chance.OneIn(2) ? 1 : chance.Between(1, Math.Min(workers, 2));
            _cluster.Submit(
                new JobId($"job-{i}"), chance.Below(SimJob.ShapeCount), least, chance.Between(least, 5));
        }

        int Rate() => chance.OneIn(3) ? 0 : chance.Between(5, 60);
    }

    /// <summary>Plays a seed.</summary>
    /// <returns>What was in it, its trace, and what did not hold; null: everything held.</returns>
    public static (FaultCensus Census, IReadOnlyList<string> Trace, string? Violation) Play(
        int seed, Mutation mutation, bool traced = false)
    {
        var world = new World(seed, mutation, traced);
        string? violation = null;
        try
        {
            new History(world).Run();
        }
        catch (InvariantViolation broken)
        {
            violation = broken.Message;
        }
        catch (Exception thrown) when (thrown is not OutOfMemoryException)
        {
            violation = $"a machine threw {thrown}";
        }
        return (world.Census, world.Trace, violation);
    }

    private void Run()
    {
        var chaos = new Chaos(_world, _cluster);
        RunUntil(_roughUntil, () => false);
        chaos.End();
        _world.After(TimeSpan.FromSeconds(10), ResumePaused);
        RunUntil(_roughUntil + Patience, () => _world.Handled % 16 == 0 && AllIsSettled());
        _world.Demand(
            AllIsSettled(), $"{(_roughUntil + Patience).TotalSeconds} s are over and not all is settled: "
                + string.Join(", ", _cluster.Coordinator?.Jobs ?? []));
        TakeStock();
    }

    private void RunUntil(TimeSpan end, Func<bool> isOver)
    {
        while (_world.Now < end && !isOver())
        {
            _world.Step();
        }
    }

    private void ResumePaused()
    {
        if (!_resumesPaused)
        {
            return;
        }
        foreach (JobId job in _cluster.JobIds)
        {
            if (_cluster.Disk.RecordOf(job)?.State is JobState.Paused or JobState.Pausing)
            {
                _cluster.Command(request => new ResumeJob(request, job));
            }
        }
        _world.After(TimeSpan.FromSeconds(10), ResumePaused);
    }

    private bool AllIsSettled()
    {
        if (_cluster.Coordinator is not { IsAlive: true, HasLeaving: false } coordinator
            || coordinator.Jobs.Count < _cluster.JobIds.Count)
        {
            return false;
        }
        return coordinator.Jobs.All(job => job.IsFinished
            || (job.State == JobState.Paused && !_resumesPaused)
            || (job.State == JobState.Queued && job.MinWorkers > _cluster.Workers.Count));
    }

    private void TakeStock()
    {
        FaultCensus census = _world.Census;
        census.Histories = 1;
        census.Events = _world.Handled;
        census.JobsInTheEnd = _cluster.JobIds.Count;
        census.JobsFinished = _cluster.JobIds.Count(
            job => _cluster.Disk.RecordOf(job)!.State is JobState.Completed or JobState.StoppedEarly);
        census.HistoriesWithAFinishedJob = census.JobsFinished > 0 ? 1 : 0;
    }
}

namespace DistTrain.Core.Tests.Simulation.Faults;

/// <summary>All that can go wrong in a history, or be asked for in the middle of it.</summary>
internal enum FaultKind
{
    Loss, Delay, Duplication, Reordering, Partition, LinkBroken, LinkHalfOpen, WorkerKilled, WorkerLostPower,
    WorkerActorDied, WorkerStopped, CoordinatorKilled, CoordinatorKilledBetweenEffects, CoordinatorStopped,
    CoordinatorWentDown, ClockStalled, WorkerSlowed, CheckpointNotWritten, CheckpointTorn, RecordNotWritten,
    Pause, Resume, StopJob, Scale, Drain, Leave,
}

/// <summary>What histories were made of, so that a test can tell that they were rough.</summary>
internal sealed class FaultCensus
{
    private readonly long[] _counts = new long[Enum.GetValues<FaultKind>().Length];

    public long JobsFinished { get; set; }
    public long JobsInTheEnd { get; set; }
    public long Histories { get; set; }
    public long HistoriesWithAFinishedJob { get; set; }
    public long Steps { get; set; }
    public long BestRestored { get; set; }
    public long ValidationsBetween { get; set; }

    /// <summary>Steps skipped because a scaled gradient overflowed.</summary>
    public long Overflows { get; set; }
    public long Attempts { get; set; }
    public long Events { get; set; }

    public void Count(FaultKind kind) => _counts[(int)kind]++;

    public long Of(FaultKind kind) => _counts[(int)kind];

    public void Add(FaultCensus other)
    {
        for (int kind = 0; kind < _counts.Length; kind++)
        {
            _counts[kind] += other._counts[kind];
        }
        JobsFinished += other.JobsFinished;
        JobsInTheEnd += other.JobsInTheEnd;
        Histories += other.Histories;
        HistoriesWithAFinishedJob += other.HistoriesWithAFinishedJob;
        Steps += other.Steps;
        BestRestored += other.BestRestored;
        ValidationsBetween += other.ValidationsBetween;
        Overflows += other.Overflows;
        Attempts += other.Attempts;
        Events += other.Events;
    }

    public override string ToString()
    {
        IEnumerable<string> faults = Enum.GetValues<FaultKind>()
            .Select(kind => $"  {Of(kind),10:N0}  {kind}");
        return $"{Histories:N0} histories, {HistoriesWithAFinishedJob:N0} of them with a job trained to its "
            + $"end; {Events:N0} events, {Attempts:N0} attempts, {Steps:N0} steps, "
            + $"{BestRestored:N0} times the best weights brought back, "
            + $"{ValidationsBetween:N0} validations between epochs, {Overflows:N0} overflows, "
            + $"{JobsFinished:N0} of {JobsInTheEnd:N0} jobs finished\n"
            + string.Join('\n', faults);
    }
}

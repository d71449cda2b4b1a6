using DistTrain.Core.Jobs;

namespace DistTrain.Core.Sharding;

/// <summary>A stretch of whole epochs with one global batch.</summary>
/// <param name="FirstEpoch">0-based.</param>
/// <param name="FirstStep">Steps of all epochs before it.</param>
/// <param name="GlobalBatch">B, samples of a full step.</param>
/// <param name="StepsPerEpoch">⌈m / B⌉; the last batch of an epoch may be short.</param>
public readonly record struct BatchPhase(int FirstEpoch, long FirstStep, int GlobalBatch, int StepsPerEpoch);

/// <summary>
/// The global batch over the epochs, as phases within which it is constant.
/// <code>
///   epoch  0      1      2      3      4
///   batch  64     64    │128    128   │256        two milestones, three phases
///   step   0 … 9 10 … 19│20 … 24 25 … │30 …       ⌈m/B⌉ steps an epoch, counted through
/// </code>
/// The last phase has no end, so that every step has its samples whenever training ends.
/// </summary>
public sealed class BatchPhases
{
    private readonly BatchPhase[] _phases;

    /// <param name="batch">The job's batch and its schedule.</param>
    /// <param name="trainingSamples">m.</param>
    public BatchPhases(BatchSpec batch, int trainingSamples)
    {
        BatchScheduleSpec schedule = batch.Schedule;
        int changes = schedule.Kind == BatchScheduleKind.Constant ? 0 : schedule.Milestones.Count;
        _phases = new BatchPhase[changes + 1];
        _phases[0] = PhaseOf(0, 0, batch.Global, trainingSamples);
        for (int i = 0; i < changes; i++)
        {
            BatchPhase before = _phases[i];
            int epoch = schedule.Milestones[i];
            long step = before.FirstStep + (long)(epoch - before.FirstEpoch) * before.StepsPerEpoch;
            int size = schedule.Kind == BatchScheduleKind.Steps
                ? schedule.Sizes[i]
                : Grown(batch, i + 1, trainingSamples);
            _phases[i + 1] = PhaseOf(epoch, step, size, trainingSamples);
        }
        LargestBatch = _phases.Max(phase => phase.GlobalBatch);
    }

    /// <summary>In order; the first begins at epoch 0.</summary>
    public IReadOnlyList<BatchPhase> All => _phases;

    /// <summary>The largest global batch of any phase.</summary>
    public int LargestBatch { get; }

    /// <summary>The phase a step belongs to.</summary>
    /// <param name="step">From 0.</param>
    public BatchPhase OfStep(long step)
    {
        int low = 0;
        int high = _phases.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _phases[middle].FirstStep <= step ? (middle, high) : (low, middle - 1);
        }
        return _phases[low];
    }

    /// <summary>The phase an epoch belongs to.</summary>
    /// <param name="epoch">0-based.</param>
    public BatchPhase OfEpoch(int epoch)
    {
        int low = 0;
        int high = _phases.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            (low, high) = _phases[middle].FirstEpoch <= epoch ? (middle, high) : (low, middle - 1);
        }
        return _phases[low];
    }

    /// <summary>Steps of the first epochs: the step that begins the one after them.</summary>
    /// <param name="epochs">How many, from 0.</param>
    public long StepsBefore(int epochs)
    {
        BatchPhase phase = OfEpoch(epochs);
        return phase.FirstStep + (long)(epochs - phase.FirstEpoch) * phase.StepsPerEpoch;
    }

    /// <summary>Epochs behind a step, with the fraction of the one it lies in.</summary>
    public double EpochsBefore(long step)
    {
        BatchPhase phase = OfStep(step);
        return phase.FirstEpoch + (double)(step - phase.FirstStep) / phase.StepsPerEpoch;
    }

    private static BatchPhase PhaseOf(int epoch, long step, int batch, int trainingSamples)
        => new(epoch, step, batch, (int)(((long)trainingSamples + batch - 1) / batch));

    /// <summary>
    /// B·fᵏ after k milestones, where a decay of the rate would have divided it by fᵏ (Smith et al. 2018,
    /// "Don't decay the learning rate, increase the batch size"); a step cannot hold more than an epoch does.
    /// </summary>
    private static int Grown(BatchSpec batch, int milestones, int trainingSamples)
    {
        double wanted = Math.Round(batch.Global * Math.Pow(batch.Schedule.Factor, milestones));
        int most = Math.Min(batch.Schedule.Most ?? int.MaxValue, trainingSamples);
        return Math.Max(batch.Global, (int)Math.Min(wanted, most));
    }
}

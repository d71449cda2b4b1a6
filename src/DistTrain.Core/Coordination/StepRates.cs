using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// How large a step is and what it counts for, from progress alone: the run's arithmetic tells the learning
/// rate's policy where the step stands, whatever the batch has become by then.
/// </summary>
internal sealed class StepRates(JobSpec job, TrainingPlan plan)
{
    private readonly LearningRatePolicy _policy = new(
        job.LearningRate, job.Batch.Global, plan.TrainingSamples, plan.Epochs, job.Batch.Schedule.Rescale);

    /// <summary>Of the step that progress leads to.</summary>
    public StepRate Of(TrainingProgress progress)
    {
        BatchPhase phase = plan.Batches.OfStep(progress.Step);
        int epoch = plan.WindowOf(progress.Step).Epoch - 1;
        int inEpoch = (int)(progress.Step - plan.Batches.StepsBefore(epoch));
        double gain = _policy.GainOf(progress.NoiseScale, phase.GlobalBatch);
        var position = new RatePosition(
            epoch, inEpoch, phase.StepsPerEpoch, phase.GlobalBatch, progress.ScaleInvariantSteps, gain);
        return new StepRate(_policy.At(position, progress.Plateau), gain);
    }
}

/// <summary>What a step applies.</summary>
/// <param name="LearningRate">η.</param>
/// <param name="Gain">
/// Steps of the reference batch it is worth: AdaScale's gain; 1 under every other rule.
/// </param>
internal readonly record struct StepRate(double LearningRate, double Gain);

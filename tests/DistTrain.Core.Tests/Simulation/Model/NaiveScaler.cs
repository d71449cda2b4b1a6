using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Simulation.Model;

/// <summary>Loss scaling as PyTorch's documentation of GradScaler tells it.</summary>
internal sealed class NaiveScaler(JobSpec job)
{
    private readonly LossScalingSpec _spec = job.LossScaling;
    private int _tracker;

    public double Scale { get; private set; } = job.LossScaling.Initial;

    /// <summary>For the loss of one sample, where the scale is that of the batch's mean.</summary>
    public double Factor
    {
        get
        {
            int samples = 1;
            while (samples < job.Batch.Global)
            {
                samples *= 2;
            }
            return job.Precision == Precision.Fp16 ? Scale / samples : 1;
        }
    }

    public void After(bool foundInf)
    {
        if (foundInf)
        {
            Scale = Math.Max(1, Scale * _spec.Backoff);
            _tracker = 0;
        }
        else if (++_tracker == _spec.GrowthInterval)
        {
            Scale = Math.Min(Math.Pow(2, 40), Scale * _spec.Growth);
            _tracker = 0;
        }
    }
}

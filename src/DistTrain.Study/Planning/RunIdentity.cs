using System.Security.Cryptography;
using System.Text;
using DistTrain.Core.Jobs;
using DistTrain.Core.Schedules;

namespace DistTrain.Study.Planning;

/// <summary>
/// When two cells of a grid are one run. Rules differ in how they come to a rate; where they come to the same
/// one by the same way, as all of them do at the reference batch, it would be waste to train twice.
/// </summary>
internal static class RunIdentity
{
    private const int Digits = 12;

    /// <summary>
    /// The job that says the same with the least: a rule that moves nothing is none, a rate that needs no
    /// warm-up is itself, and legew without warm-up is the square root.
    /// </summary>
    public static JobSpec Reduced(JobSpec job)
    {
        LearningRateSpec rate = job.LearningRate;
        bool grows = job.Batch.Schedule.Kind != BatchScheduleKind.Constant;
        bool isStill = job.Batch.Global == rate.ReferenceBatch;
        bool isPlain = rate.WarmupEpochs == 0 && rate.Scaling != ScalingRule.AdaScale;
        return grows || rate.Scaling == ScalingRule.None || (!isStill && !isPlain)
            ? job
            : job with
            {
                LearningRate = rate with
                {
                    Base = BatchScaling.RateFor(rate, job.Batch.Global),
                    Scaling = ScalingRule.None,
                },
            };
    }

    /// <summary>
    /// The first digits of the job's SHA-256, whatever it is called and wherever its data lies.
    /// </summary>
    public static string Of(JobSpec job)
    {
        JobSpec nameless = job with
        {
            Name = "run",
            Dataset = job.Dataset with
            {
                Path = Path.GetFileName(job.Dataset.Path),
                TestPath = Path.GetFileName(job.Dataset.TestPath),
            },
        };
        byte[] text = Encoding.UTF8.GetBytes(JobWriter.Write(nameless));
        return Convert.ToHexStringLower(SHA256.HashData(text))[..Digits];
    }
}

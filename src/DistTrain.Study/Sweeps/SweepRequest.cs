using DistTrain.Core;
using DistTrain.Core.Jobs;

namespace DistTrain.Study.Sweeps;

/// <summary>The range to sweep.</summary>
/// <param name="From">Rate of the first step.</param>
/// <param name="To">Rate of the last step.</param>
/// <param name="Steps">Steps, unless the loss blows up before.</param>
public sealed record SweepRequest(double From, double To, int Steps)
{
    private const double HighestRate = 1e6;
    private const int MostSteps = 100_000;
    private const int LongestName = 64;
    private const string Suffix = "-lr-find";

    /// <exception cref="UserFaultException">One line for every value that is out of place.</exception>
    public void Check()
    {
        List<string> problems = [];
        if (!(From is > 0 and < HighestRate))
        {
            problems.Add($"--from {From:G6}: a sweep begins at a positive rate, such as 1e-6");
        }
        if (To <= From || !(To <= HighestRate)) // not a number is neither
        {
            problems.Add($"--to {To:G6}: a sweep ends above --from and at {HighestRate:0} at most");
        }
        if (Steps is < SweepReader.FewestPoints or > MostSteps)
        {
            problems.Add($"--steps {Steps}: a sweep has {SweepReader.FewestPoints} to {MostSteps} steps");
        }
        if (problems.Count > 0)
        {
            throw new UserFaultException(problems);
        }
    }

    /// <summary>
    /// The sweep as a job: the same model, data, batch and optimizer, and nothing that would interfere. It
    /// is a run of its own that ends; no other run's weights are touched.
    /// </summary>
    public JobSpec JobFrom(JobSpec job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job with
        {
            Name = job.Name[..Math.Min(job.Name.Length, LongestName - Suffix.Length)] + Suffix,
            // An epoch has at least one step.
            Epochs = Steps,
            MaxSteps = Steps,
            Dataset = job.Dataset with { Validation = 0 },
            Batch = job.Batch with { Schedule = new BatchScheduleSpec() },
            LearningRate = job.LearningRate with
            {
                Scaling = ScalingRule.None,
                WarmupEpochs = 0,
                WarmupStart = null,
                Schedule = new ScheduleSpec
                {
                    Kind = ScheduleKind.Sweep,
                    From = From,
                    To = To,
                    Steps = Steps,
                },
            },
            EarlyStopping = null,
            ValidateEverySteps = null,
            Target = null,
            Checkpoint = new CheckpointSpec(EveryEpochs: 1_000_000, EverySteps: null, Keep: 1),
        };
    }
}

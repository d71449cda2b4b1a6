using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Planning;

/// <summary>Holds a cell's job to what every job is held to.</summary>
internal static class CellJobCheck
{
    /// <summary>
    /// Each part of a cell is fine on its own; whether all go together (a warm-up longer than the run, a last
    /// rate above the first), the job's own rules tell.
    /// </summary>
    public static void Check(StudyFile file, JobSpec job, List<string> problems)
    {
        try
        {
            JobReader.Read(JobWriter.Write(job), "run", [], job.Workers.Max);
        }
        catch (UserFaultException fault)
        {
            string where = $"batch {job.Batch.Global}, optimizer {OptimizerLabel.Of(job.Optimizer)}";
            problems.AddRange(fault.Problems
                .Select(problem => problem[(problem.IndexOf(": ", StringComparison.Ordinal) + 2)..])
                .Select(reason => file.Say("", $"the run with {where} cannot be: {reason}")));
        }
    }
}

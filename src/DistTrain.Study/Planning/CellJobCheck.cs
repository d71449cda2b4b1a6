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
            problems.AddRange(fault.Problems.Select(problem => file.Say("",
                $"the run with {where} cannot be: {problem[(problem.IndexOf(": ", StringComparison.Ordinal) + 2)..]}")));
        }
    }
}

/// <summary>What an optimizer is called that has no label.</summary>
internal static class OptimizerLabel
{
    public static string Of(OptimizerSpec optimizer) => optimizer switch
    {
        { Kind: OptimizerKind.Sgd, Nesterov: true } => "nesterov",
        { Kind: OptimizerKind.Sgd, Momentum: > 0 } => "momentum",
        _ => optimizer.Kind.ToString().ToLowerInvariant(),
    };
}

/// <summary>Names of run directories and of jobs in a cluster's list.</summary>
internal static class CellName
{
    /// <returns>Within what a job's name may hold: 64 letters.</returns>
    public static string Of(int batch, string rule, string optimizer, long seed, string id)
    {
        string text = $"b{batch}-{rule}-{optimizer.Replace('+', '-')}-s{seed}";
        return $"{text[..Math.Min(text.Length, 64 - 1 - id.Length)]}-{id}";
    }
}

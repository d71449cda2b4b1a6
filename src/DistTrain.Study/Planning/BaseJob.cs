using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Fields;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Planning;

/// <summary>The job that a study varies, with what every rule starts from.</summary>
public sealed class BaseJob
{
    private readonly string _text;
    private readonly string _source;
    private readonly StudySpec _study;
    private readonly Func<JobSpec, JobSpec> _locate;

    /// <param name="study">Names it and lays fields over it.</param>
    /// <param name="text">The job file's text, or the job inside the study file.</param>
    /// <param name="source">Its name in messages.</param>
    /// <param name="locate">Makes the paths in a job full ones.</param>
    /// <exception cref="UserFaultException">The job is at fault.</exception>
    public BaseJob(StudySpec study, string text, string source, Func<JobSpec, JobSpec> locate)
    {
        (_study, _text, _source, _locate) = (study, text, source, locate);
        Spec = Read([]);
        // A job without a scaling rule has no reference batch; the study's rules ask for one all the same.
        ReferenceBatch = Spec.LearningRate.Scaling != ScalingRule.None
            ? Spec.LearningRate.ReferenceBatch
            : Read([new JobOverride("learningRate.scaling", "linear", "rules")]).LearningRate.ReferenceBatch;
    }

    /// <summary>As the file and the study's <c>set</c> say.</summary>
    public JobSpec Spec { get; }

    /// <summary>B_ref, in samples.</summary>
    public int ReferenceBatch { get; }

    /// <summary>The job with an optimizer of the grid.</summary>
    /// <exception cref="UserFaultException">The optimizer's fields are at fault.</exception>
    public JobSpec With(OptimizerChoice choice)
    {
        // The job's own optimizer is replaced as a whole: its fields were meant for another.
        var emptied = new JobOverride("optimizer", "{}", choice.Fields[0].Source);
        JobOverride[] rate = choice.BaseRate is { } given
            ? [new JobOverride("learningRate.base", NumberType.Positive.Show(given), choice.Fields[0].Source)]
            : [];
        return Read([emptied, .. choice.Fields, .. rate]);
    }

    private JobSpec Read(IReadOnlyList<JobOverride> changes)
        => _locate(JobReader.Read(_text, _source, [.. _study.Set, .. changes], workers: 1));
}

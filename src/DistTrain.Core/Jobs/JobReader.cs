using DistTrain.Core.Jobs.Documents;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Jobs;

/// <summary>
/// Turns a job file and the command line into the effective job. Nothing is guessed silently: an unknown key,
/// a value out of range, or a field without meaning beside the others is a fault with its place, and all
/// faults are told at once. See docs/jobs.md.
/// </summary>
public static class JobReader
{
    /// <param name="jsonText">The job file's text; null: there is none.</param>
    /// <param name="sourceName">Its name in messages, "job.json".</param>
    /// <param name="overrides">
    /// Values from the command line, which beat the file; later ones beat earlier ones.
    /// </param>
    /// <param name="workers">
    /// Workers the job is to start with where it does not say otherwise: <c>--workers</c>, or what suits the
    /// machine.
    /// </param>
    /// <param name="warn">Receives a line for each harmless oddity; only when the job is accepted.</param>
    /// <param name="mostWorkers">
    /// Workers it may come to use where it does not say: more than <paramref name="workers"/> where others
    /// can join later; null: as many.
    /// </param>
    /// <exception cref="UserFaultException">One line for every fault, in the order of the file.</exception>
    public static JobSpec Read(
        string? jsonText, string? sourceName, IReadOnlyList<JobOverride> overrides, int workers,
        Action<string>? warn = null, int? mostWorkers = null)
    {
        var problems = new ProblemList();
        var file = Origin.File(jsonText is null ? "" : JobNode.Clip(sourceName ?? "job"));
        var root = jsonText is null
            ? new JobNode(NodeKind.Object, file) : JobParser.Parse(jsonText, file, problems);
        if (root is { Kind: not NodeKind.Object })
        {
            if (root.Complete)
                problems.Add(root.Origin, "", $"a job is an object, {{ … }}, not {root.Shown}");
            root = null;
        }

        bool isWhole = root is { Complete: true };
        root ??= new JobNode(NodeKind.Object, file);
        JobOverlay.Apply(root, overrides, problems);

        var context = new ReadContext(
            file, problems, [], Math.Max(1, workers), Math.Max(1, mostWorkers ?? workers));
        var given = new GivenFields<JobSpec>(JobFields.Table, root, "", context);
        if (!isWhole)
            problems.ThrowIfAny();

        var resolver = new FieldResolver<JobSpec>(JobFields.Table, given, context);
        var job = resolver.Build(JobFields.Blank);
        JobRules.Check(resolver, context);
        problems.ThrowIfAny();
        context.Warnings.ForEach(line => warn?.Invoke(line));
        return job;
    }

    /// <summary>How many workers to start when there could be <paramref name="available"/>.</summary>
    public static int StartingWorkers(JobSpec job, int available)
        => Math.Clamp(available, job.Workers.Min, job.Workers.Max);
}

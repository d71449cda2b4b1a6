using DistTrain.Core;
using DistTrain.Core.Jobs.Documents;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Study.Specs;

/// <summary>
/// Reads a study file. As with jobs nothing is guessed silently, and all faults are told at once, each with
/// its line. What only the job or the data can tell, <see cref="Planning.GridPlanner"/> checks.
/// </summary>
public static class StudyReader
{
    /// <param name="text">The file's text.</param>
    /// <param name="sourceName">Its name in messages, "study.json".</param>
    /// <exception cref="UserFaultException">One line for every fault, in the order of the file.</exception>
    public static StudyFile Read(string text, string sourceName)
    {
        var problems = new ProblemList();
        var file = Origin.File(JobNode.Clip(sourceName));
        var root = JobParser.Parse(text, file, problems);
        if (root is not { Kind: NodeKind.Object })
        {
            if (root is { Complete: true })
                problems.Add(root.Origin, "", $"a study is an object, {{ … }}, not {root.Shown}");
            problems.ThrowIfAny();
        }

        var context = new ReadContext(file, problems, [], Workers: 1, MostWorkers: 1);
        var given = new GivenFields<StudySpec>(StudyFields.Table, root!, "", context);
        if (!root!.Complete)
            problems.ThrowIfAny();

        var resolver = new FieldResolver<StudySpec>(StudyFields.Table, given, context);
        var spec = resolver.Build(StudyFields.Blank);
        StudyChecks.Check(spec, resolver, context);
        problems.ThrowIfAny();
        return new StudyFile(spec, file.Source, Lines(resolver));
    }

    private static Dictionary<string, int> Lines(FieldResolver<StudySpec> resolver)
        => StudyFields.Table.Fields.Select(f => f.Path)
            .Concat(StudyFields.Table.Sections.Select(s => s.Path))
            .Select(path => (Path: path, resolver.OriginOf(path)?.Line))
            .Where(place => place.Line is not null)
            .ToDictionary(place => place.Path, place => place.Line!.Value, StringComparer.Ordinal);
}

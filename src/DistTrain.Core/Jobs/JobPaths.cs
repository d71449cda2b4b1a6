using DistTrain.Core.Jobs.Documents;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Jobs;

/// <summary>The names of a job's fields, for whoever lets people name one.</summary>
public static class JobPaths
{
    /// <summary>Whether a job has a field, or a section, at this path: "learningRate.base".</summary>
    public static bool Exists(string path)
        => JobFields.Table.Find(path) is not null
            || JobFields.Table.FindSection(path) is { Path.Length: > 0 };

    /// <summary><c>; did you mean "learningRate.base"?</c>, or nothing where no path is near.</summary>
    public static string Hint(string path)
        => FieldNames.Nearest(JobFields.Table, path) is { Length: > 0 } meant
            ? $"; did you mean {JobNode.Quote(meant)}?"
            : "";
}

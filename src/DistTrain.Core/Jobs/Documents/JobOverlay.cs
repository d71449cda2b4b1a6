using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Jobs.Documents;

/// <summary>
/// Lays the command line's values over the file's, so that everything after sees one document.
/// </summary>
internal static class JobOverlay
{
    private const int LongestSource = 80;

    /// <summary>Replaces or adds each override's value; a later one beats an earlier one.</summary>
    public static void Apply(JobNode root, IReadOnlyList<JobOverride> overrides, ProblemList problems)
    {
        for (int i = 0; i < overrides.Count; i++)
        {
            var change = overrides[i];
            string shown = JobNode.Clip(change.Source, LongestSource);
            if (!IsKnown(change.Path))
            {
                string? meant = FieldNames.Nearest(JobFields.Table, change.Path);
                string hint = meant is null ? "" : $"; did you mean \"{meant}\"?";
                problems.Add(new Origin(shown, 0, i + 1, null), "",
                    $"unknown field {JobNode.Quote(change.Path)}{hint}");
                continue;
            }

            var origin = new Origin(shown, 0, i + 1, change.Path);
            var value = change.IsDocument
                ? JobParser.Parse(change.Value, origin, problems)
                : JobText.Read(change.Value, origin, problems);
            if (value is not null)
                Put(root, change.Path.Split('.'), value);
        }
    }

    private static bool IsKnown(string path)
        => path.Length > 0
            && (JobFields.Table.Find(path) ?? (object?)JobFields.Table.FindSection(path)) is not null;

    private static void Put(JobNode root, string[] path, JobNode value)
    {
        var parent = root;
        foreach (string name in path[..^1])
        {
            var member = parent.Members.Find(m => m.Name == name);
            if (member is null || member.Value.Kind == NodeKind.Null)
                member = Replace(parent, name, new JobNode(NodeKind.Object, value.Origin));
            if (member.Value.Kind != NodeKind.Object)
                return;
            parent = member.Value;
        }

        Replace(parent, path[^1], value);
    }

    private static JobMember Replace(JobNode parent, string name, JobNode value)
    {
        parent.Members.RemoveAll(m => m.Name == name);
        var member = new JobMember(name, value.Origin, value);
        parent.Members.Add(member);
        return member;
    }
}

namespace DistTrain.Core.Jobs.Documents;

/// <summary>
/// Values as a person types them on a command line: JSON where it is JSON, otherwise plain text.
/// </summary>
internal static class JobText
{
    /// <summary>
    /// Text that opens a JSON string, list or object must be one; anything else may stand for itself.
    /// </summary>
    public static JobNode? Read(string text, Origin origin, ProblemList problems)
    {
        string trimmed = text.Trim();
        if (!trimmed.StartsWith('{') && !trimmed.StartsWith('[') && !trimmed.StartsWith('"'))
            return Bare(trimmed, origin);

        var broken = new ProblemList();
        var node = JobParser.Parse(trimmed, origin, broken);
        if (broken.Any || node is null)
        {
            problems.Add(origin, origin.Path ?? "", $"{JobNode.Clip(trimmed)} is not valid JSON");
            return null;
        }

        return Unplaced(node, origin);
    }

    /// <summary>A number, true, false, null, or text without quotes.</summary>
    public static JobNode Bare(string text, Origin origin)
    {
        if (text is "true" or "false")
            return new JobNode(NodeKind.Boolean, origin, text) { Bare = true };
        if (text is "null")
            return new JobNode(NodeKind.Null, origin);
        if (text.Length > 0 && text.Length < 64 && (char.IsAsciiDigit(text[0]) || text[0] == '-'))
        {
            var ignored = new ProblemList();
            if (JobParser.Parse(text, origin, ignored) is { Kind: NodeKind.Number } && !ignored.Any)
                return new JobNode(NodeKind.Number, origin, text) { Bare = true };
        }

        return new JobNode(NodeKind.String, origin, text) { Bare = true };
    }

    /// <summary>A command line has no lines: every node takes the place of the whole.</summary>
    private static JobNode Unplaced(JobNode node, Origin origin)
    {
        var copy = new JobNode(node.Kind, origin, node.Text);
        copy.Items.AddRange(node.Items.Select(item => Unplaced(item, origin)));
        copy.Members.AddRange(
            node.Members.Select(m => new JobMember(m.Name, origin, Unplaced(m.Value, origin))));
        return copy;
    }
}

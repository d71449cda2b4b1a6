using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>A field that somebody wrote: its value, or null where the value was refused.</summary>
internal sealed record GivenField(Origin Origin, object? Value);

/// <summary>
/// First half of reading: lays an object over the table, names every key that has no place there, and reads
/// each value on its own. What fields mean together is <see cref="FieldResolver{TRoot}"/>'s part.
/// </summary>
internal sealed class GivenFields<TRoot>
{
    private readonly FieldTable<TRoot> _table;
    private readonly ReadContext _context;
    private readonly string _prefix;
    private readonly Dictionary<string, GivenField> _fields = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Origin> _sections = new(StringComparer.Ordinal);
    private readonly HashSet<string> _lost = new(StringComparer.Ordinal);

    /// <param name="table">Fields there are.</param>
    /// <param name="node">An object.</param>
    /// <param name="prefix">Path of the object, for messages; empty for a job.</param>
    /// <param name="context">Receives the problems.</param>
    public GivenFields(FieldTable<TRoot> table, JobNode node, string prefix, ReadContext context)
    {
        (_table, _prefix, _context) = (table, prefix, context);
        Origin = node.Origin;
        Walk(table.Root, node);
    }

    /// <summary>Where the whole object begins.</summary>
    public Origin Origin { get; }

    public GivenField? Find(string path) => _fields.GetValueOrDefault(path);

    public Origin? FindSection(string path) => _sections.GetValueOrDefault(path);

    /// <summary>
    /// True where something was written that could not be read: the field's value, or its section.
    /// </summary>
    public bool IsUnreadable(string path)
        => _lost.Contains(path) || _fields.GetValueOrDefault(path) is { Value: null };

    public void Remove(string path) => _fields.Remove(path);

    /// <summary>A path as messages show it.</summary>
    public string Full(string path)
        => _prefix.Length == 0 || path.Length == 0 ? _prefix + path : $"{_prefix}.{path}";

    private void Walk(FieldGroup<TRoot> group, JobNode node)
    {
        foreach (var member in node.Members)
        {
            var entry = group.Find(member.Name);
            if (entry?.Field is { } field)
                ReadField(field, member.Value);
            else if (entry?.Group is { } inner)
                ReadSection(inner, member.Value);
            else if (group.Path.Length > 0 || _prefix.Length > 0 || member.Name != "$schema")
                RefuseKey(group, member);
        }
    }

    private void ReadField(Field<TRoot> field, JobNode node)
    {
        if (node.Kind == NodeKind.Null && field.Optional)
            return;
        object? value = field.Type.Read(node, Full(field.Path), _context);
        _fields[field.Path] = new GivenField(node.Origin, value);
    }

    private void ReadSection(FieldGroup<TRoot> group, JobNode node)
    {
        bool optional = _table.FindSection(group.Path)?.Present is not null;
        if (node.Kind == NodeKind.Object)
        {
            _sections[group.Path] = node.Origin;
            Walk(group, node);
        }
        else if (node.Kind != NodeKind.Null || !optional)
        {
            string names = string.Join(", ", group.Entries.Select(e => e.Name));
            string hint = node.Kind == NodeKind.String && group.Find("name") is not null
                ? $"; write {{\"name\": {JobNode.Quote(node.Text)}}}" : "";
            _context.Problems.Add(
                node.Origin, Full(group.Path), $"{node.Shown} is not an object with {names}{hint}");
            _lost.UnionWith(group.AllFields.Select(f => f.Path));
        }
    }

    private void RefuseKey(FieldGroup<TRoot> group, JobMember member)
    {
        string? meant = Spelling.Nearest(member.Name, group.Entries.Select(e => e.Name))
            ?? FieldNames.Elsewhere(_table, member.Name);
        string hint = meant is null ? "" : $"; did you mean \"{meant}\"?";
        _context.Problems.Add(
            member.Origin, Full(group.Path), $"unknown key {JobNode.Quote(member.Name)}{hint}");
    }
}

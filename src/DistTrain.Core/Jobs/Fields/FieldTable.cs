namespace DistTrain.Core.Jobs.Fields;

/// <summary>
/// All fields of a record in the order they are written, and the tree of sections they form.
/// </summary>
internal sealed class FieldTable<TRoot>
{
    private readonly Dictionary<string, Field<TRoot>> _byPath;
    private readonly Dictionary<string, SectionInfo<TRoot>> _sections;

    public FieldTable(IReadOnlyList<SectionInfo<TRoot>> sections, IReadOnlyList<Field<TRoot>> fields)
    {
        Fields = fields;
        Sections = sections;
        _byPath = fields.ToDictionary(f => f.Path, StringComparer.Ordinal);
        _sections = sections.ToDictionary(s => s.Path, StringComparer.Ordinal);
        Root = new FieldGroup<TRoot>("");
        foreach (var field in fields)
            Root.Add(field, field.Path);
    }

    public IReadOnlyList<Field<TRoot>> Fields { get; }
    public IReadOnlyList<SectionInfo<TRoot>> Sections { get; }
    public FieldGroup<TRoot> Root { get; }

    public Field<TRoot>? Find(string path) => _byPath.GetValueOrDefault(path);
    public SectionInfo<TRoot>? FindSection(string path) => _sections.GetValueOrDefault(path);
}

/// <summary>An object in a job: fields and further objects by name, in writing order.</summary>
/// <param name="path">Empty for the root.</param>
internal sealed class FieldGroup<TRoot>(string path)
{
    private readonly List<FieldEntry<TRoot>> _entries = [];

    public string Path => path;
    public IReadOnlyList<FieldEntry<TRoot>> Entries => _entries;

    public FieldEntry<TRoot>? Find(string name) => _entries.Find(e => e.Name == name);

    /// <summary>Every field below, in order.</summary>
    public IEnumerable<Field<TRoot>> AllFields
        => _entries.SelectMany(e => e.Group?.AllFields ?? [e.Field!]);

    internal void Add(Field<TRoot> field, string rest)
    {
        int dot = rest.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            _entries.Add(new FieldEntry<TRoot>(rest, field, null));
            return;
        }

        string name = rest[..dot];
        var entry = Find(name);
        if (entry is null)
        {
            string groupPath = path.Length == 0 ? name : $"{path}.{name}";
            entry = new FieldEntry<TRoot>(name, null, new FieldGroup<TRoot>(groupPath));
            _entries.Add(entry);
        }

        entry.Group!.Add(field, rest[(dot + 1)..]);
    }
}

/// <summary>Either a field or a group.</summary>
internal sealed record FieldEntry<TRoot>(string Name, Field<TRoot>? Field, FieldGroup<TRoot>? Group);

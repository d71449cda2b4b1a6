using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>
/// Second half of reading: settles every field to its given value, its default, or nothing, where "nothing"
/// means that the field has no meaning beside the others. A field that was given but has none is a fault; it
/// is a warning where the field is harmless or only says that something is off, or where the command line
/// took its meaning away from the file. Fields are settled on demand, each after those it depends on, so
/// that the order of the table is the order of writing and nothing else.
/// </summary>
internal sealed class FieldResolver<TRoot>(
    FieldTable<TRoot> table, GivenFields<TRoot> given, ReadContext context)
    : IFieldValues
{
    private static readonly object Here = new();
    private readonly Dictionary<string, object?> _settled = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Origin> _removedBy = new(StringComparer.Ordinal);
    private readonly HashSet<string> _doubtful = new(StringComparer.Ordinal);

    public int Workers => context.Workers;

    public int MostWorkers => context.MostWorkers;

    public object? this[string path] => Settle(path);

    /// <summary>
    /// True when a fault elsewhere makes the value a guess: no further fault should rest on it.
    /// </summary>
    public bool IsDoubtful(string path)
    {
        Settle(path);
        return _doubtful.Contains(path);
    }

    /// <summary>Where the field, or the section around it, was given; null: nowhere.</summary>
    public Origin? OriginOf(string path) => given.Find(path)?.Origin ?? given.FindSection(path);

    /// <summary>Settles everything and builds the record.</summary>
    public TRoot Build(TRoot blank)
    {
        foreach (var group in table.Fields.Where(f => f.OneOf is not null).GroupBy(f => f.OneOf))
            KeepOne([.. group]);
        return table.Fields.Aggregate(
            blank, (root, field) => Settle(field.Path) is { } value ? field.Set(root, value) : root);
    }

    private object? Settle(string path)
    {
        if (_settled.TryGetValue(path, out object? known))
            return known;
        if (table.Find(path) is not { } field)
            return _settled[path] = given.FindSection(path) is null ? null : Here;
        return _settled[path] = Settle(field, given.Find(path));
    }

    private object? Settle(Field<TRoot> field, GivenField? value)
    {
        if (given.IsUnreadable(field.Path))
            _doubtful.Add(field.Path);
        foreach (var condition in field.Conditions)
        {
            object? other = Settle(condition.Path);
            if (condition.Holds(other))
                continue;
            if (_doubtful.Contains(condition.Path))
                _doubtful.Add(field.Path);
            else if (value is { Value: not null })
                Refuse(field, value, condition, other);
            return null;
        }

        if (value is null && field.Required)
            context.Problems.Add(
                given.Origin, given.Full(field.Path), $"is missing; give {field.Type.Expectation}");
        return value?.Value ?? field.Default?.Value(this);
    }

    private void Refuse(Field<TRoot> field, GivenField value, Condition condition, object? other)
    {
        string path = given.Full(field.Path);
        var decider = OriginOf(condition.Path) ?? _removedBy.GetValueOrDefault(condition.Path);
        string here = other is null ? "" : $"; here it is {table.Find(condition.Path)?.Type.Show(other)}";
        string what = $"has a meaning only {condition.Text}{here}";
        if (!value.Origin.IsOverride && decider is { IsOverride: true })
        {
            _removedBy[field.Path] = decider;
            context.Warnings.Add(value.Origin.Say(path, $"left out because of {decider}: it {what}"));
        }
        else if (field.IsHarmless || field.Type.IsOff(value.Value!))
        {
            context.Warnings.Add(value.Origin.Say(path, what));
        }
        else
        {
            context.Problems.Add(value.Origin, path, what);
        }
    }

    /// <summary>
    /// Of alternatives the command line's beats the file's; two of equal standing are a fault.
    /// </summary>
    private void KeepOne(IReadOnlyList<Field<TRoot>> alternatives)
    {
        var present = alternatives.Where(f => given.Find(f.Path) is not null)
            .Select(f => (f.Path, given.Find(f.Path)!.Origin)).ToList();
        var winner = present.Find(p => p.Origin.IsOverride);
        foreach (var (path, origin) in present.Where(p => winner.Path is not null && !p.Origin.IsOverride))
        {
            given.Remove(path);
            _removedBy[path] = winner.Origin;
            context.Warnings.Add(origin.Say(given.Full(path), $"left out because of {winner.Origin}"));
        }

        var left = present.FindAll(p => given.Find(p.Path) is not null);
        foreach (var (path, origin) in left.Skip(1))
        {
            string others = string.Join(" and ", left.Select(p => given.Full(p.Path)));
            context.Problems.Add(origin, given.Full(path), $"only one of {others} can be given");
            _doubtful.Add(path);
        }
    }
}

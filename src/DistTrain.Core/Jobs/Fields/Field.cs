namespace DistTrain.Core.Jobs.Fields;

/// <summary>
/// One field of a job, and everything that is known about it. Parsing, checks, defaults, flags, the schema
/// and the reference page all come from this entry; a new field is one entry here and one property of the
/// record.
/// </summary>
/// <typeparam name="TRoot">The record the field ends up in: a job, or a layer.</typeparam>
internal sealed record Field<TRoot>
{
    /// <summary>As written in a job: "learningRate.schedule.gamma".</summary>
    public required string Path { get; init; }

    public required FieldType Type { get; init; }

    /// <summary>One sentence for the reference page, the schema and --help.</summary>
    public required string Doc { get; init; }

    /// <summary>What the number counts: "epochs", "samples".</summary>
    public string Unit { get; init; } = "";

    /// <summary>null: none; the field is then either <see cref="Required"/> or optional.</summary>
    public FieldDefault? Default { get; init; }

    /// <summary>May be null in JSON, which means: not given.</summary>
    public bool Optional { get; init; }

    public bool Required { get; init; }

    /// <summary>All must hold for the field to have a meaning.</summary>
    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>Given without a meaning it is a warning, not a fault.</summary>
    public bool IsHarmless { get; init; }

    /// <summary>Of the fields that name the same group at most one may be given.</summary>
    public string? OneOf { get; init; }

    /// <summary>The command-line option that sets it, and the name of its value: ("--lr", "RATE").</summary>
    public (string Name, string Placeholder)? Flag { get; init; }

    /// <summary>Whether another value can lead to other weights.</summary>
    public Func<TRoot, bool> ChangesBits { get; init; } = _ => true;

    public required Func<TRoot, object?> Get { get; init; }
    public required Func<TRoot, object, TRoot> Set { get; init; }
}

/// <summary>What a field holds when nobody says; it may depend on other fields.</summary>
/// <param name="Value">From the values settled so far; null: nothing.</param>
/// <param name="Fixed">The value where it depends on nothing.</param>
/// <param name="Text">For the reference page where it does.</param>
internal sealed record FieldDefault(Func<IFieldValues, object?> Value, object? Fixed, string? Text)
{
    public static FieldDefault Of(object value) => new(_ => value, value, null);
    public static FieldDefault From(string text, Func<IFieldValues, object?> value) => new(value, null, text);
}

/// <summary>The values of a job by path. A field without meaning, or not set, is null.</summary>
internal interface IFieldValues
{
    object? this[string path] { get; }

    /// <summary>Workers the job would start with.</summary>
    int Workers { get; }

    /// <summary>Workers it may come to use where it does not say.</summary>
    int MostWorkers { get; }
}

/// <summary>When a field has a meaning: a statement about one other field.</summary>
/// <param name="Path">The other field, or an optional section.</param>
/// <param name="Holds">Given its value, null where it has none.</param>
/// <param name="Text">Follows "only": "with optimizer.name sgd".</param>
internal sealed record Condition(string Path, Func<object?, bool> Holds, string Text)
{
    /// <summary>The other field has one of these values.</summary>
    public static Condition Is<T>(string path, FieldType<T> type, params T[] values)
        where T : notnull
    {
        string words = string.Join(" or ", values.Select(v => type.Show(v)));
        return new Condition(path, value => value is T t && values.Contains(t), $"with {path} {words}");
    }

    public static Condition IsNot<T>(string path, FieldType<T> type, T value)
        where T : notnull
        => new(path, other => other is not null && !value.Equals(other),
            $"without {path} {type.Show(value)}");

    public static Condition Positive(string path)
        => new(path, value => value is > 0.0 or > 0, $"with {path} above 0");

    public static Condition Present(string path) => new(path, value => value is not null, $"with {path}");

    public static Condition Absent(string path) => new(path, value => value is null, $"without {path}");
}

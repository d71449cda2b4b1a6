namespace DistTrain.Core.Jobs.Fields;

/// <summary>What the outside needs to know of a section: an object inside a job.</summary>
/// <param name="Path">"learningRate.schedule".</param>
/// <param name="Doc">One sentence.</param>
/// <param name="Present">Whether a job has it; null: every job has.</param>
internal sealed record SectionInfo<TRoot>(string Path, string Doc, Func<TRoot, bool>? Present);

/// <summary>
/// A way from the root record to one of its parts and back, so that an entry in the table only speaks of the
/// part its field lives in.
/// </summary>
/// <param name="Path">Empty for the root itself.</param>
/// <param name="Doc">One sentence.</param>
/// <param name="Get">The part; a blank one where the root has none.</param>
/// <param name="Put">The root with another part.</param>
internal sealed record Section<TRoot, TPart>(
    string Path, string Doc, Func<TRoot, TPart> Get, Func<TRoot, TPart, TRoot> Put)
{
    /// <summary>Optional sections: whether the root has it. Their fields mean something only then.</summary>
    public Func<TRoot, bool>? Present { get; init; }

    public SectionInfo<TRoot> Info => new(Path, Doc, Present);

    public Field<TRoot> Field<TValue>(
        string name, FieldType<TValue> type, Func<TPart, object?> get, Func<TPart, TValue, TPart> put,
        string doc)
        => new()
        {
            Path = Path.Length == 0 ? name : $"{Path}.{name}",
            Type = type,
            Doc = doc,
            Conditions = Present is null ? [] : [Condition.Present(Path)],
            Get = root => get(Get(root)),
            Set = (root, value) => Put(root, put(Get(root), (TValue)value)),
        };
}

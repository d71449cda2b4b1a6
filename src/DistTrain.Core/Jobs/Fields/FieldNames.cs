using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>Guesses which field somebody meant.</summary>
internal static class FieldNames
{
    /// <summary>
    /// The path of a field that goes by this name in another section, or on the command line ("lr").
    /// </summary>
    public static string? Elsewhere<TRoot>(FieldTable<TRoot> table, string name)
    {
        var flag = table.Fields.FirstOrDefault(f => f.Flag is { } known && known.Name == "--" + name);
        var field = flag
            ?? table.Fields.FirstOrDefault(f => f.Path.EndsWith("." + name, StringComparison.Ordinal));
        return field?.Path;
    }

    /// <summary>The field or section nearest to a whole path.</summary>
    public static string? Nearest<TRoot>(FieldTable<TRoot> table, string path)
    {
        var known = table.Fields.Select(f => f.Path).Concat(table.Sections.Select(s => s.Path));
        string name = path[(path.LastIndexOf('.') + 1)..];
        return Elsewhere(table, name) ?? Spelling.Nearest(path, known);
    }
}

using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Jobs;

/// <summary>One command-line option that sets a field of the job.</summary>
/// <param name="Name">"--lr".</param>
/// <param name="Placeholder">Name of its value in --help: "RATE".</param>
/// <param name="Path">The field: "learningRate.base".</param>
/// <param name="Help">One sentence with the default.</param>
public sealed record JobFlag(string Name, string Placeholder, string Path, string Help)
{
    /// <summary>
    /// The option with a value as typed. Nothing is checked here; <see cref="JobReader"/> does.
    /// </summary>
    public JobOverride With(string value)
    {
        bool isText = JobFields.Table.Find(Path)?.Type is TextType;
        return new JobOverride(Path, isText ? CommonTypes.Path.Show(value) : value, Name);
    }
}

/// <summary>The options that say the same things as a job file, from the table of fields.</summary>
public static class JobFlags
{
    public static IReadOnlyList<JobFlag> All { get; } =
    [
        .. JobFields.Table.Fields.Where(f => f.Flag is not null).Select(f =>
            new JobFlag(f.Flag!.Value.Name, f.Flag.Value.Placeholder, f.Path, HelpOf(f))),
    ];

    /// <summary>
    /// <c>--model</c>: the name of a preset, a JSON file with a list of layers (.json), or a TorchScript file
    /// (.pt, .pth, .ts).
    /// </summary>
    /// <param name="value">As typed.</param>
    /// <param name="readText">Reads a text file; called for a list of layers only.</param>
    public static JobOverride Model(string value, Func<string, string> readText)
    {
        if (value.EndsWith(".json", StringComparison.OrdinalIgnoreCase))
            return new JobOverride("model.layers", readText(value), value, IsDocument: true);
        bool isTorchScript = new[] { ".pt", ".pth", ".ts" }
            .Any(ending => value.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return isTorchScript
            ? new JobOverride("model.torchscript", CommonTypes.Path.Show(value), "--model")
            : new JobOverride("model.preset", value, "--model");
    }

    private static string HelpOf(Field<JobSpec> field)
    {
        string? fallback = field.Default is not { } known ? null
            : known.Fixed is { } value ? field.Type.Show(value).Trim('"') : known.Text;
        return fallback is null ? field.Doc : $"{field.Doc.TrimEnd('.')} [{fallback}].";
    }
}

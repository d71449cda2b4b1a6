using System.Text;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Jobs;

/// <summary>The reference page of the job file, docs/jobs.md, from the same table that reads it.</summary>
public static class JobReference
{
    private const string Introduction =
        """
        # Job files

        <!-- Generated from the table of fields in src/DistTrain.Core/Jobs/Fields; a test compares. -->

        A job says what is trained, on what, and how. Every field is optional: a job with nothing in it
        trains a small network on the built-in digits. No field is silently ignored. An unknown key, a value
        out of range, or a field that has no meaning beside the others is refused with its line, and all
        faults are told at once:

        ```
        job.json:3: unknown key "learninRate"; did you mean "learningRate"?
        job.json:5: model.hidden: has a meaning only with model.preset "mlp"; here it is "cnn"
        ```

        Where a field only says that something is off which could not be on, a warning is given instead. In
        the tables, *only with* names the fields that give a field its meaning.

        The command line beats the file. `--set path=value` reaches every field, as in
        `--set optimizer.momentum=0.8`; the value is JSON or bare text, lists may be written `512,256`, and
        `null` takes an optional field or section away. Where an option takes the meaning of a field in the
        file away, as `--optimizer adam` does with `optimizer.momentum`, it is left out with a warning.

        Editors that know JSON schema complete and check a job that begins with
        `"$schema": "../docs/job.schema.json"`. Examples are in `examples/`. The effective job, every default
        filled in, is printed at the start of a run and kept as `job.json` in its directory.

        """;

    private const string LayerIntroduction =
        """

        ## Layers

        `model.layers` is a list from input to output, and so is a file given to `--model`. A layer is its
        name, or an object with the name as its only key: `"relu"`, `{"linear": {"out": 128}}`.
        `{"dropout": 0.5}` is short for `{"dropout": {"probability": 0.5}}`. The last layer's outputs must be
        as many as the classes.

        """;

    public static string Write()
    {
        var page = new StringBuilder(Introduction);
        WriteFields(page, JobFields.Table, JobFields.Table.Root);
        page.AppendLine(LayerIntroduction).AppendLine("| Layer | What it does | Fields |");
        page.AppendLine("|---|---|---|");
        foreach (var form in LayerForms.All)
        {
            string fields = string.Join("<br>", form.Table.Fields.Select(InBrief));
            page.AppendLine($"| `{form.Word}` | {form.Doc} | {fields} |");
        }

        page.AppendLine().AppendLine("## Rules between fields").AppendLine();
        foreach (var rule in JobRules.All.Where(r => r.Doc.Length > 0))
            page.AppendLine($"- {rule.Doc}");

        page.AppendLine().AppendLine("## Options of the command line").AppendLine();
        page.AppendLine("| Option | Field |").AppendLine("|---|---|");
        foreach (var flag in JobFlags.All)
        {
            string value = flag.Placeholder.Replace("|", "\\|", StringComparison.Ordinal);
            page.AppendLine($"| `{flag.Name} {value}` | `{flag.Path}` |");
        }
        return page.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>A field in one or two sentences: what it is, and when it has a meaning.</summary>
    internal static string Describe<TRoot>(Field<TRoot> field)
    {
        string unit = field.Unit.Length == 0 ? "" : $" In {field.Unit}.";
        string only = OnlyWith(field);
        string fallback = field.Default is { Fixed: null, Text: { } text } ? $" Default: {text}." : "";
        return $"{field.Doc}{unit}{(only.Length == 0 ? "" : $" Only {only}.")}{fallback}";
    }

    private static void WriteFields(StringBuilder page, FieldTable<JobSpec> table, FieldGroup<JobSpec> group)
    {
        var section = table.FindSection(group.Path);
        string title = group.Path.Length == 0 ? "At the top" : $"`{group.Path}`";
        page.AppendLine().AppendLine($"## {title}").AppendLine();
        if (group.Path.Length > 0)
            page.AppendLine(section!.Doc).AppendLine();
        page.AppendLine("| Field | Value | Default | Meaning |").AppendLine("|---|---|---|---|");
        foreach (var field in group.Entries.Select(e => e.Field).OfType<Field<JobSpec>>())
        {
            string only = OnlyWith(field);
            string meaning = only.Length == 0 ? field.Doc : $"{field.Doc} *Only {only}.*";
            page.AppendLine($"| `{NameOf(field)}` | {ValueOf(field)} | {DefaultOf(field)} | {meaning} |");
        }

        foreach (var inner in group.Entries.Select(e => e.Group).OfType<FieldGroup<JobSpec>>())
            WriteFields(page, table, inner);
    }

    private static string InBrief(Field<LayerSpec> field)
    {
        string need = field.Required ? "required" : DefaultOf(field);
        return $"`{field.Path}`: {ValueOf(field)} ({need})";
    }

    private static string NameOf<TRoot>(Field<TRoot> field)
        => field.Path[(field.Path.LastIndexOf('.') + 1)..];

    private static string ValueOf<TRoot>(Field<TRoot> field)
        => field.Unit.Length == 0 ? field.Type.Expectation : $"{field.Type.Expectation}, in {field.Unit}";

    private static string DefaultOf<TRoot>(Field<TRoot> field) => field.Default switch
    {
        null => "none",
        { Fixed: { } value } => $"`{field.Type.Show(value).Trim('"')}`",
        var other => other.Text ?? "none",
    };

    /// <summary>Conditions in words; that a section must be there goes without saying.</summary>
    private static string OnlyWith<TRoot>(Field<TRoot> field) => string.Join(" and ", field.Conditions
        .Where(c => !field.Path.StartsWith(c.Path + ".", StringComparison.Ordinal)).Select(c => c.Text));
}

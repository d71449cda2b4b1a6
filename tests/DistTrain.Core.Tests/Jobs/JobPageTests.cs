using System.Text.Json;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Fields;

namespace DistTrain.Core.Tests.Jobs;

/// <summary>
/// The committed schema and reference page are what the table says. After a change of the table run the tests
/// once with DISTTRAIN_ACCEPT=1, which rewrites them, and look at the difference.
/// </summary>
public sealed class JobPageTests
{
    [Fact]
    public void The_committed_schema_is_the_tables()
        => IsCommitted("docs/job.schema.json", JobSchema.Write());

    [Fact]
    public void The_committed_reference_page_is_the_tables()
        => IsCommitted("docs/jobs.md", JobReference.Write());

    [Fact]
    public void The_schema_knows_every_field()
    {
        using var schema = JsonDocument.Parse(JobSchema.Write());
        foreach (var field in JobFields.Table.Fields)
        {
            var node = schema.RootElement;
            foreach (string name in field.Path.Split('.'))
                node = node.GetProperty("properties").GetProperty(name);
            node.GetProperty("description").GetString().ShouldStartWith(field.Doc);
        }
    }

    [Fact]
    public void Every_entry_of_the_table_is_fit_to_print()
    {
        foreach (var field in JobFields.Table.Fields)
        {
            field.Doc.ShouldEndWith(".", customMessage: field.Path);
            field.Doc.ShouldNotContain("|", customMessage: field.Path);
            (field.Default is null).ShouldBe(
                field.Optional && field.Path != "model.preset", $"{field.Path} is optional or has a default");
        }

        foreach (var section in JobFields.Table.Sections)
            section.Doc.ShouldEndWith(".");
    }

    private static void IsCommitted(string relative, string generated)
    {
        string path = JobTexts.RepositoryPath(relative);
        if (Environment.GetEnvironmentVariable("DISTTRAIN_ACCEPT") == "1")
            File.WriteAllText(path, generated);
        File.ReadAllText(path).ReplaceLineEndings("\n").ShouldBe(
            generated, $"{relative} is stale; run the tests once with DISTTRAIN_ACCEPT=1");
    }
}

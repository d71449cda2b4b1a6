using System.Text.Json;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Tests.Specs;

/// <summary>The published schema and the reference page keep up with the table of fields.</summary>
public sealed class StudySchemaTests
{
    [SkippableFact]
    public void The_published_schema_is_the_one_of_the_table()
    {
        string path = Published("study.schema.json");
        if (Environment.GetEnvironmentVariable("DISTTRAIN_ACCEPT") == "1")
        {
            File.WriteAllText(path, StudySchema.Write());
        }

        File.ReadAllText(path).ShouldBe(StudySchema.Write());
    }

    [SkippableFact]
    public void The_reference_page_names_every_field()
    {
        string page = File.ReadAllText(Published("study.md"));
        using var schema = JsonDocument.Parse(StudySchema.Write());
        foreach (string path in Paths(schema.RootElement, ""))
        {
            page.ShouldContain($"`{path}`");
        }
    }

    private static IEnumerable<string> Paths(JsonElement group, string prefix)
        => group.GetProperty("properties").EnumerateObject().Where(field => field.Name != "$schema")
            .SelectMany(field => field.Value.TryGetProperty("properties", out _)
                ? Paths(field.Value, $"{field.Name}.") : [prefix + field.Name]);

    private static string Published(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "DistTrain.sln")))
        {
            folder = folder.Parent;
        }

        Skip.If(folder is null, "the repository is not above the tests");
        return Path.Combine(folder.FullName, "docs", name);
    }
}

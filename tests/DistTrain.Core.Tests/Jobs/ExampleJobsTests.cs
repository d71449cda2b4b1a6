using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Jobs;

public sealed class ExampleJobsTests
{
    public static TheoryData<string> Examples =>
        [.. new DirectoryInfo(JobTexts.RepositoryPath("examples")).GetFiles("*.json").Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_is_accepted_without_a_warning(string file)
    {
        string text = File.ReadAllText(JobTexts.RepositoryPath($"examples/{file}"));
        var warnings = new List<string>();

        var job = JobReader.Read(text, file, [], workers: 2, warnings.Add);

        warnings.ShouldBeEmpty();
        job.Name.ShouldBe(Path.GetFileNameWithoutExtension(file));
        if (job.Dataset.Name == "csv")
            File.Exists(JobTexts.RepositoryPath(job.Dataset.Path!)).ShouldBeTrue();
    }

    [Fact]
    public void There_are_examples() => Examples.Count.ShouldBeGreaterThanOrEqualTo(6);
}

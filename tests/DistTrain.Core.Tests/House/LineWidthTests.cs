using DistTrain.Core.Tests.Jobs;

namespace DistTrain.Core.Tests.House;

/// <summary>
/// Two files side by side fit a screen when lines end at column 110; the formatter does not see to it.
/// </summary>
public sealed class LineWidthTests
{
    private const int Columns = 110;

    [Theory]
    [InlineData("src")]
    [InlineData("benchmarks")]
    [InlineData("build")]
    public void Every_line_of_the_program_fits(string folder)
    {
        string root = JobTexts.RepositoryPath("");
        string[] files =
        [
            .. Directory.EnumerateFiles(Path.Combine(root, folder), "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(root, file).Replace('\\', '/'))
                .Where(file => !IsGenerated(file)),
        ];
        files.ShouldNotBeEmpty();
        files.SelectMany(file => LongLines(file, File.ReadLines(Path.Combine(root, file)))).ShouldBeEmpty();
    }

    [Fact]
    public void Columns_are_characters_and_the_first_too_many_counts()
        => LongLines("x.cs", [new string('─', Columns), new string('x', Columns + 1)])
            .ShouldBe([$"x.cs:2 has {Columns + 1} columns"]);

    private static bool IsGenerated(string file) => file.Split('/').Any(part => part is "bin" or "obj");

    private static IEnumerable<string> LongLines(string file, IEnumerable<string> lines)
        => lines.Index().Where(line => line.Item.Length > Columns)
            .Select(line => $"{file}:{line.Index + 1} has {line.Item.Length} columns");
}

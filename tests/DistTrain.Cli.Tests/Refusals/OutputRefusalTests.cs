using DistTrain.Cli.Tests.Harness;
using DistTrain.Cli.Tests.Training;

namespace DistTrain.Cli.Tests.Refusals;

/// <summary>Places that runs cannot be written to.</summary>
public sealed class OutputRefusalTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableTheory]
    [InlineData("in-the-way")]
    [InlineData("in-the-way/runs")]
    public void A_file_in_the_way_of_the_folder_is_refused(string place)
    {
        Needs.Engine();
        small.Workspace.Write("in-the-way", "something precious");
        Refuse(place).ShouldHaveSingleItem().ShouldContain("name a writable one with --out");
    }

    [SkippableFact]
    public void A_disk_that_cannot_be_written_is_refused()
    {
        Needs.Engine();
        using var disk = new SmallDisk(megabytes: 1, readOnly: true);
        Refuse(disk.Root).ShouldHaveSingleItem().ShouldContain("Read-only file system");
        Refuse(Path.Combine(disk.Root, "runs")).ShouldHaveSingleItem().ShouldContain("Read-only file system");
    }

    private string[] Refuse(string place)
        => Disttrain.Refuse(small.Workspace, ["train", .. small.Job, "--quiet", "--out", place]);
}

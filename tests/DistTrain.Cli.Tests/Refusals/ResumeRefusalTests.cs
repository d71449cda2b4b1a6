using System.Buffers.Binary;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Cli.Tests.Training;

namespace DistTrain.Cli.Tests.Refusals;

/// <summary>Runs whose checkpoints somebody has damaged, by accident or on purpose.</summary>
public sealed class ResumeRefusalTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableTheory]
    [InlineData("flipped")]
    [InlineData("truncated")]
    [InlineData("empty")]
    [InlineData("header of an exabyte")]
    [InlineData("header of two gigabytes")]
    [InlineData("tensor of an exabyte")]
    public void Without_a_whole_checkpoint_a_resume_is_refused(string damage)
    {
        Needs.Engine();
        FinishedRun run = small.Train("--set", "checkpoint.keep=1");
        string checkpoint = Directory.GetFiles(run.Folder.Checkpoints, "step-*").ShouldHaveSingleItem();
        File.WriteAllBytes(checkpoint, Damaged(File.ReadAllBytes(checkpoint), damage));
        string[] lines = Disttrain.Refuse(small.Workspace, "train", "--quiet", "--resume", run.Folder.Path);
        lines.Length.ShouldBe(2);
        lines[0].ShouldContain("step-00000020.safetensors");
        lines[1].ShouldContain("none of the 1 checkpoints is whole");
    }

    [SkippableFact]
    public void A_run_without_checkpoints_or_with_a_damaged_job_is_refused()
    {
        Needs.Engine();
        FinishedRun run = small.Train();
        foreach (string checkpoint in Directory.GetFiles(run.Folder.Checkpoints))
        {
            File.Delete(checkpoint);
        }

        Disttrain.Refuse(small.Workspace, "train", "--quiet", "--resume", run.Folder.Path)
            .ShouldHaveSingleItem().ShouldContain("there is no checkpoint to go on from");
        File.WriteAllText(run.Folder.File("job.json"), "{ \"epochs\": ");
        Disttrain.Refuse(small.Workspace, "train", "--quiet", "--resume", run.Folder.Path)
            .ShouldAllBe(line => line.StartsWith("disttrain: job.json:1", StringComparison.Ordinal));
        Disttrain.Refuse(small.Workspace, "train", "job.json", "--resume", run.Folder.Path)
            .ShouldHaveSingleItem().ShouldContain("a resumed run has its job already");
    }

    [SkippableFact]
    public void A_resume_on_other_data_under_the_same_name_is_refused()
    {
        Needs.Engine();
        using var own = new SmallRuns();
        FinishedRun run = own.Train();
        string labels = Directory.GetFiles(own.Data, "train-labels*", SearchOption.AllDirectories)
            .ShouldHaveSingleItem();
        byte[] bytes = File.ReadAllBytes(labels);
        (bytes[^1], bytes[^2]) = (bytes[^2], bytes[^1]);
        File.WriteAllBytes(labels, bytes);
        Disttrain.Refuse(own.Workspace, "train", "--quiet", "--epochs", "3", "--resume", run.Folder.Path)
            .ShouldHaveSingleItem().ShouldContain("the data is not what this run began with");
    }

    private static byte[] Damaged(byte[] bytes, string damage)
    {
        switch (damage)
        {
            case "flipped":
                bytes[^1000] ^= 1;
                return bytes;
            case "truncated":
                return bytes[..^1];
            case "empty":
                return [];
            case "header of an exabyte":
                BinaryPrimitives.WriteInt64LittleEndian(bytes, 1L << 60);
                return bytes;
            case "header of two gigabytes":
                BinaryPrimitives.WriteInt64LittleEndian(bytes, int.MaxValue);
                return bytes;
            case "tensor of an exabyte":
                byte[] header = """
                    {"w":{"dtype":"F32","shape":[1152921504606846976],"data_offsets":[0,4611686018427387904]}}
                    """u8.ToArray();
                byte[] file = new byte[8 + header.Length];
                BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
                header.CopyTo(file, 8);
                return file;
            default:
                throw new ArgumentOutOfRangeException(nameof(damage), damage, message: null);
        }
    }
}

using System.Diagnostics;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests.Checkpoints;

public sealed class KilledWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_kill_in_mid_write_leaves_the_previous_checkpoint_whole()
    {
        RunDirectory run = RunDirectory.Create(_folder.Root, "killed");
        run.WriteJob("{}");
        int leftHalves = 0;
        for (int round = 0; round < 4; round++)
        {
            long announced = KillInMidWrite(run);
            leftHalves += Directory.EnumerateFiles(run.CheckpointsPath, "*.tmp").Any() ? 1 : 0;

            using var parameters = new NativeBuffer<float>(EndlessWriter.Count);
            var notices = new List<string>();
            LoadedCheckpoint loaded = new CheckpointStore(run, new CheckpointSpec(1, null, 2))
                .LoadLatest(new CheckpointTensors(EndlessWriter.Layout, parameters, []), notices.Add);
            notices.ShouldBeEmpty();
            loaded.Progress.Step.ShouldBeGreaterThanOrEqualTo(announced);
            parameters.Span.IndexOfAnyExcept((float)loaded.Progress.Step).ShouldBe(-1);
        }

        // A kill between two files proves nothing; one in the middle leaves half a file aside.
        leftHalves.ShouldBeGreaterThan(0);
    }

    /// <summary>The last step that was announced as saved.</summary>
    private static long KillInMidWrite(RunDirectory run)
    {
        string dotnet = Environment.ProcessPath is { } path && Path.GetFileName(path) == "dotnet" ? path
            : "dotnet";
        var start = new ProcessStartInfo(dotnet, [typeof(EndlessWriter).Assembly.Location, run.RootPath])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        long announced = 0;
        while (announced < 3)
        {
            string line = process.StandardOutput.ReadLine()
                ?? throw new InvalidOperationException("It ended.");
            announced = long.Parse(line);
        }

        while (!process.HasExited && !Directory.EnumerateFiles(run.CheckpointsPath, "*.tmp").Any())
        {
            Thread.Yield();
        }

        process.Kill();
        process.WaitForExit();
        return announced;
    }
}

using DistTrain.Core;
using DistTrain.Runs.Tests.Fixtures;

namespace DistTrain.Runs.Tests;

public sealed class RunDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Runs_of_one_name_are_numbered_from_one()
    {
        RunDirectory.Create(_folder["runs"], "mnist").RootPath.ShouldBe(_folder["runs/mnist-1"]);
        RunDirectory second = RunDirectory.Create(_folder["runs"], "mnist");
        second.Name.ShouldBe("mnist-2");
        Directory.Exists(second.CheckpointsPath).ShouldBeTrue();
    }

    [Fact]
    public void A_number_is_never_used_again_while_a_later_one_is_there()
    {
        Directory.CreateDirectory(_folder["mnist-7"]);
        Directory.CreateDirectory(_folder["mnist-07x"]);
        File.WriteAllText(_folder["mnist-8"], "a file in the way");
        RunDirectory.Create(_folder.Root, "mnist").Name.ShouldBe("mnist-9");
    }

    [Fact]
    public async Task Runs_that_begin_at_once_get_folders_of_their_own()
    {
        var start = new TaskCompletionSource();
        Task<string>[] all = [.. Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            await start.Task;
            return RunDirectory.Create(_folder.Root, "race").Name;
        }))];
        start.SetResult();
        string[] names = await Task.WhenAll(all);
        names.Order().ShouldBe(Enumerable.Range(1, 16).Select(i => $"race-{i}").Order());
    }

    [Theory]
    [InlineData("plain_1.x", "plain_1.x")]
    [InlineData("../../etc/passwd", "etc-passwd")]
    [InlineData("a b\t\n*c", "a-b-c")]
    [InlineData("naïve ☃", "na-ve")]
    [InlineData("..", "run")]
    [InlineData("", "run")]
    public void Names_become_safe(string name, string safe) => RunDirectory.SafeName(name).ShouldBe(safe);

    [Fact]
    public void A_long_name_is_cut() => RunDirectory.SafeName(new string('x', 1000)).Length.ShouldBe(64);

    [Fact]
    public void A_folder_that_cannot_be_made_is_named()
    {
        File.WriteAllText(_folder["file"], "");
        Should.Throw<UserFaultException>(() => RunDirectory.Create(_folder["file/runs"], "x"))
            .Problems.ShouldHaveSingleItem().ShouldContain(_folder["file/runs"]);
    }

    [SkippableFact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        Skip.IfNot(Directory.Exists("/proc/self"), "needs /proc as a folder nobody can write");
        UserFaultException fault = Should.Throw<UserFaultException>(
            () => RunDirectory.Create("/proc/self", "x"));
        fault.Problems.ShouldHaveSingleItem()
            .ShouldStartWith("/proc/self: the folder for runs cannot be written");
        fault.Message.ShouldNotContain("\n");
    }

    [Fact]
    public void Opening_finds_the_job_that_was_stored()
    {
        RunDirectory run = RunDirectory.Create(_folder.Root, "x");
        run.WriteJob("{\"name\":\"x\"}\n\n");
        RunDirectory again = RunDirectory.Open(run.RootPath + "/");
        again.Name.ShouldBe("x-1");
        again.ReadJob().ShouldBe("{\"name\":\"x\"}\n");
    }

    [Fact]
    public void Opening_what_is_no_run_says_so()
    {
        Should.Throw<UserFaultException>(() => RunDirectory.Open(_folder["none"])).Message
            .ShouldBe(
                $"{_folder["none"]}: there is no such folder; give the folder of a run, such as runs/NAME-1");
        Should.Throw<UserFaultException>(() => RunDirectory.Open(_folder.Root))
            .Message.ShouldContain("has no job.json");
    }
}

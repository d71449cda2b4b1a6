using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Client;

public sealed class WeightsDownloadTests : IDisposable
{
    private readonly InProcess _program = new();

    public WeightsDownloadTests()
    {
        _program.Cluster.Jobs.Add(FakeCluster.Job("mnist-1"));
        _program.Cluster.Result = """
            {"status":"completed","epochs":1,"steps":1,"train":null,"validation":null,"test":null,
            "weightsSha256":null,"samplesPerSecond":1,"seconds":1}
            """.ReplaceLineEndings("");
        _program.Cluster.Weights = () => new MemoryStream([1, 2, 3]);
    }

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task Weights_replace_the_file_and_leave_nothing_aside()
    {
        _program.Workspace.Write("w.safetensors", "old");
        (await _program.RunAsync("job result mnist-1 --json --weights w.safetensors")).ShouldBe(0);
        File.ReadAllBytes(_program.Workspace.File("w.safetensors")).ShouldBe([1, 2, 3]);
        Directory.GetFiles(_program.Workspace.Path).Length.ShouldBe(1);
        _program.OutputLines.ShouldBe([_program.Cluster.Result!]);
    }

    [Fact]
    public async Task A_stream_that_breaks_off_leaves_the_old_file_whole()
    {
        _program.Workspace.Write("w", "old");
        _program.Cluster.Weights = () => new BreakingStream();
        (await _program.RunAsync("job result mnist-1 --weights w")).ShouldBe(1);
        _program.ErrorLines.ShouldHaveSingleItem().ShouldContain("the connection broke");
        File.ReadAllText(_program.Workspace.File("w")).ShouldBe("old");
        Directory.GetFiles(_program.Workspace.Path).Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(".", "is a folder; name a file")]
    [InlineData("nowhere/w", "nowhere: there is no such folder")]
    public async Task A_place_that_cannot_be_is_refused(string path, string complaint)
        => (await _program.RefuseAsync($"job result mnist-1 --weights {path}"))
            .ShouldHaveSingleItem().ShouldContain(complaint);

    [Fact]
    public async Task A_job_without_weights_is_said_to_have_none()
    {
        _program.Cluster.Weights = () => null;
        (await _program.RefuseAsync("job result mnist-1 --weights w"))
            .ShouldHaveSingleItem().ShouldContain("mnist-1 has no weights (yet)");
    }

    /// <summary>A few bytes, then a lost connection.</summary>
    private sealed class BreakingStream : MemoryStream
    {
        private bool _begun;

        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_begun)
            {
                throw new IOException("the connection broke");
            }

            _begun = true;
            buffer.Span[0] = 9;
            return ValueTask.FromResult(1);
        }
    }
}

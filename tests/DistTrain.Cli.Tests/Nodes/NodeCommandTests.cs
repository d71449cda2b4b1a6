using DistTrain.Cli.Settings;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Core.Membership;

namespace DistTrain.Cli.Tests.Nodes;

public sealed class NodeCommandTests : IDisposable
{
    private readonly InProcess _program = new();

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_coordinator_is_told_what_the_line_says_and_says_where_it_listens()
    {
        string token = WriteToken("sesame\n");
        _program.Workspace.Write("c.pem", "c");
        _program.Workspace.Write("k.pem", "k");
        int code = await _program.RunAsync("coordinator --listen 0.0.0.0:0 --http 10.0.0.1:80 --state s "
            + $"--token-file {token} --tls-cert c.pem --tls-key k.pem --heartbeat 100ms");
        code.ShouldBe(0, _program.Errors.ToString());
        var told = _program.Nodes.Coordinator!;
        told.Listen.ShouldBe(new NodeAddress("0.0.0.0", 0));
        told.Http.ShouldBe(new NodeAddress("10.0.0.1", 80));
        told.StateFolder.ShouldBe(_program.Workspace.File("s"));
        told.Token.ShouldBe("sesame");
        told.Tls!.CertificatePath.ShouldBe(_program.Workspace.File("c.pem"));
        told.Tls.KeyPath.ShouldBe(_program.Workspace.File("k.pem"));
        told.Timing.ShouldBe(
            new FailureDetectorOptions() with { HeartbeatEvery = TimeSpan.FromMilliseconds(100) });
        _program.OutputLines.ShouldBe(
            ["""{"event":"listening","listen":"127.0.0.1:40213","http":"http://127.0.0.1:7701/"}"""]);
    }

    [Fact]
    public async Task A_worker_is_told_what_the_line_says_and_says_when_it_has_joined()
    {
        _program.Variables["DISTTRAIN_TOKEN"] = "sesame";
        (await _program.RunAsync("worker --coordinator gpu-0:7700 --device cuda:1 --threads 3 --name w1"))
            .ShouldBe(0);
        var told = _program.Nodes.Worker!;
        (told.Coordinator, told.Device, told.Threads, told.Name, told.Token, told.TlsCaPath).ShouldBe(
            (new NodeAddress("gpu-0", 7700), "cuda:1", 3, "w1", "sesame", null));
        _program.OutputLines.ShouldBe(["""{"event":"joined","name":"w1"}"""]);
    }

    [Fact]
    public async Task A_worker_waits_for_its_device_where_it_is_told_to()
    {
        (await _program.RunAsync("worker --device cuda:0")).ShouldBe(0);
        _program.Nodes.Worker!.WaitForDevice.ShouldBeFalse();
        (await _program.RunAsync("worker --device cuda:0 --wait-for-device")).ShouldBe(0);
        _program.Nodes.Worker!.WaitForDevice.ShouldBeTrue();
    }

    [Fact]
    public async Task A_worker_has_one_device()
        => (await _program.RefuseAsync("worker --device cuda:0,cuda:1")).ShouldHaveSingleItem().ShouldContain(
            "cuda:0,cuda:1: a worker computes on one device; start a worker for each of them");

    [Fact]
    public async Task A_worker_without_a_name_gets_one_that_is_fit_for_a_cluster()
    {
        (await _program.RunAsync("worker")).ShouldBe(0);
        SettingTable.Name.Accepts(_program.Nodes.Worker!.Name).ShouldBeTrue(_program.Nodes.Worker.Name);
        _program.Nodes.Worker.Name.ShouldEndWith($"-{Environment.ProcessId}");
    }

    [Fact]
    public async Task A_node_prints_what_holds_and_why_without_the_token()
    {
        _program.Variables["DISTTRAIN_TOKEN"] = "sesame";
        await _program.RunAsync("worker --device cuda:1");
        _program.ErrorLines.ShouldContain(line => line.StartsWith("device ") && line.EndsWith("--device"));
        _program.ErrorLines.ShouldContain(line => line.StartsWith("token ") && line.Contains("(hidden)"));
        _program.Errors.ToString().ShouldNotContain("sesame");
        _program.ErrorLines.ShouldNotContain(line => line.StartsWith("listen"));
    }

    [Theory]
    [InlineData("--listen 0.0.0.0:7700", "--listen: 0.0.0.0:7700 lets others on the network in")]
    [InlineData("--http gpu-0:80", "--http: gpu-0:80 lets others on the network in")]
    [InlineData("--tls-cert c.pem", "--tls-cert: goes together with tls-key")]
    [InlineData("--tls-cert none.pem --tls-key c.pem", "none.pem: there is no such file")]
    [InlineData("--heartbeat 3s", "suspect-after (2s) must be more than heartbeat (3s)")]
    [InlineData("--remove-after 1s", "remove-after (1s) must be more than suspect-after (2s)")]
    [InlineData("--state c.pem", "c.pem is a file, where a folder must be")]
    [InlineData("--data nowhere", "nowhere: there is no such folder")]
    [InlineData("--token-file nothing", "nothing: there is no such file")]
    [InlineData("--token-file .", "is a folder")]
    [InlineData("--token-file open", "others may use it; chmod 600")]
    [InlineData("--token-file empty", "the file is empty")]
    [InlineData("--token-file words", "a token must be one line of text without blanks")]
    [InlineData("--listen 7700", "must be an address and a port")]
    public async Task What_cannot_be_is_refused_before_anything_starts(string options, string complaint)
    {
        _program.Workspace.Write("c.pem", "c");
        WriteToken("", "empty");
        WriteToken("two words", "words");
        WriteToken("sesame", "open", UnixFileMode.OtherRead | UnixFileMode.UserRead);
        (await _program.RefuseAsync($"coordinator {options}"))
            .ShouldHaveSingleItem().ShouldContain(complaint);
        _program.Nodes.Coordinator.ShouldBeNull();
    }

    [Fact]
    public async Task Insecure_lets_others_in_when_it_is_said()
    {
        (await _program.RunAsync("coordinator --listen 0.0.0.0:7700 --insecure")).ShouldBe(0);
        _program.Nodes.Coordinator!.IsInsecure.ShouldBeTrue();
    }

    [Fact]
    public async Task The_stronger_of_two_tokens_holds_and_two_of_one_source_are_refused()
    {
        string token = WriteToken("from-file");
        _program.Variables["DISTTRAIN_TOKEN"] = "from-variable";
        await _program.RunAsync($"worker --token-file {token}");
        _program.Nodes.Worker!.Token.ShouldBe("from-file");
        _program.Workspace.Write("disttrain.settings.json", """{"tokenFile": "token"}""");
        await _program.RunAsync("worker");
        _program.Nodes.Worker.Token.ShouldBe("from-variable");
        _program.Output.GetStringBuilder().Clear();
        _program.Variables["DISTTRAIN_TOKEN_FILE"] = token;
        (await _program.RefuseAsync("worker")).ShouldHaveSingleItem()
            .ShouldContain("DISTTRAIN_TOKEN_FILE gives a token too");
    }

    [Theory]
    [InlineData("worker --token x", "unknown option --token")]
    [InlineData("worker --workers 3", "unknown option --workers")]
    [InlineData("up", "--workers")]
    [InlineData("up --workers 0", "--workers: must be a whole number from 1 to 64")]
    [InlineData("up --workers two", "--workers")]
    public async Task The_grammar_has_no_other_options(string line, string complaint)
        => (await _program.RefuseAsync(line)).ShouldContain(text => text.Contains(complaint));

    private string WriteToken(
        string text, string name = "token",
        UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite)
    {
        string path = _program.Workspace.Write(name, text);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }

        return path;
    }
}

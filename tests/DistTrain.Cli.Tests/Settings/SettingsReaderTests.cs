using DistTrain.Cli.Settings;
using DistTrain.Cli.Tests.Harness;
using DistTrain.Core;

namespace DistTrain.Cli.Tests.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly Workspace _workspace = new();
    private readonly Dictionary<Setting, string> _flags = [];
    private readonly Dictionary<string, string> _variables = new() { ["XDG_CONFIG_HOME"] = "/nowhere" };

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void The_strongest_source_wins_setting_by_setting()
    {
        Server().ShouldBe(("http://127.0.0.1:7701", "default"));
        string file = _workspace.Write(
            "disttrain.settings.json", "{\n\"server\": \"http://file:1\",\n\"name\": \"n\"}");
        Server().ShouldBe(("http://file:1", $"{file}:2"));
        _variables["DISTTRAIN_SERVER"] = "http://variable:1";
        Server().ShouldBe(("http://variable:1", "DISTTRAIN_SERVER"));
        _flags[SettingTable.Server] = "http://flag:1";
        Server().ShouldBe(("http://flag:1", "--server"));
        Read().Find(SettingTable.Name).ShouldBe("n");
        _variables["DISTTRAIN_NAME"] = "";
        Read().Find(SettingTable.Name).ShouldBe("n", "an empty variable counts as not set");
    }

    [Fact]
    public void The_first_settings_file_there_is_is_the_one()
    {
        _variables["XDG_CONFIG_HOME"] = _workspace.File("config");
        _workspace.Write("config/disttrain/settings.json", """{"name": "own"}""");
        Read().Find(SettingTable.Name).ShouldBe("own");
        _workspace.Write("disttrain.settings.json", """{"name": "folder"}""");
        Read().Find(SettingTable.Name).ShouldBe("folder");
        _variables["DISTTRAIN_SETTINGS"] = _workspace.Write("variable.json", """{"name": "variable"}""");
        Read().Find(SettingTable.Name).ShouldBe("variable");
        _workspace.Write("flag.json", """{"name": "flag"}""");
        Read("flag.json").Find(SettingTable.Name).ShouldBe("flag");
        Read("none").Find(SettingTable.Name).ShouldBeNull();
        Faults("missing.json").ShouldHaveSingleItem().ShouldContain("there is no such settings file");
    }

    [Fact]
    public void A_path_in_a_file_is_meant_from_where_the_file_lies()
    {
        _workspace.Write("below/s.json", """{"state": "kept"}""");
        Read("below/s.json").Get(SettingTable.State).ShouldBe(_workspace.File("below/kept"));
    }

    [Fact]
    public void All_faults_of_all_sources_are_told_at_once_also_hidden_ones()
    {
        string file = _workspace.Write("disttrain.settings.json", """
            {
              "server": 5,
              "tokenfile": "x",
              "threads": "4",
              "threads": 4,
              "heartbeat": 0.001,
              "insecure": "yes",
              "listen": {"port": 3},
              "name": "a", "name": "b"
            }
            """);
        _variables["DISTTRAIN_SERVER"] = "ftp://x";
        _variables["DISTTRAIN_TOKN"] = "x";
        _flags[SettingTable.Server] = "http://fine:1";
        _flags[SettingTable.Coordinator] = "host:0";
        Faults().ShouldBe(
        [
            "--coordinator: must be a host and a port from 1 to 65535, such as gpu-1:7700, not \"host:0\"",
            "DISTTRAIN_SERVER: must be an http or https address, not \"ftp://x\"",
            "DISTTRAIN_TOKN: the environment has a variable of ours that means nothing; "
                + "did you mean \"DISTTRAIN_TOKEN\"?",
            $"{file}:2: server: must be an http or https address, not \"5\" without quotes",
            $"{file}:3: unknown setting \"tokenfile\"; did you mean \"tokenFile\"?",
            $"{file}:4: threads: must be a whole number from 1 to 1024, not \"4\" in quotes",
            $"{file}:6: heartbeat: must be a time from 10ms to 10m, such as 500ms, 2s or 1m, not \"0.001\"",
            $"{file}:7: insecure: must be true or false, not \"yes\" in quotes",
            $"{file}:8: listen: must be an address and a port, such as 0.0.0.0:7700 or [::1]:7700; "
                + "port 0 is any free one, not \"a list or an object\"",
            $"{file}:9: name: is given twice",
        ]);
    }

    [Theory]
    [InlineData("[]", "settings are an object")]
    [InlineData("{\"name\": \"a\"", ":1: not valid JSON")]
    [InlineData("{} x", ":1: not valid JSON")]
    [InlineData("", ":1: not valid JSON")]
    [InlineData("{\"name\": \"\\ud800\"}", "an escape that is no character")]
    public void A_file_that_is_no_object_is_one_fault(string text, string complaint)
    {
        _workspace.Write("disttrain.settings.json", text);
        Faults().ShouldHaveSingleItem().ShouldContain(complaint);
    }

    [Fact]
    public void A_secret_is_not_repeated_in_a_complaint()
    {
        _variables["DISTTRAIN_TOKEN"] = "two words";
        Faults().ShouldHaveSingleItem().ShouldNotContain("two");
    }

    [Theory]
    [InlineData("500ms", 500)]
    [InlineData("2s", 2000)]
    [InlineData("1.5", 1500)]
    [InlineData("1m", 60000)]
    public void A_time_has_a_unit_or_is_in_seconds(string text, int milliseconds)
    {
        _variables["DISTTRAIN_HEARTBEAT"] = text;
        Read().Get(SettingTable.Heartbeat).ShouldBe(TimeSpan.FromMilliseconds(milliseconds));
    }

    [Theory]
    [InlineData("gpu-1:7700", "gpu-1", 7700, false)]
    [InlineData("[::1]:0", "::1", 0, true)]
    [InlineData("127.0.0.2:1", "127.0.0.2", 1, true)]
    [InlineData("localhost:1", "localhost", 1, true)]
    [InlineData("0.0.0.0:1", "0.0.0.0", 1, false)]
    public void An_address_is_a_host_and_a_port(string text, string host, int port, bool loopback)
    {
        NodeAddress.TryParse(text, out NodeAddress address).ShouldBeTrue();
        address.ShouldBe(new NodeAddress(host, port));
        address.IsLoopback.ShouldBe(loopback);
        address.ToString().ShouldBe(text);
    }

    [Theory]
    [InlineData("7700")]
    [InlineData(":7700")]
    [InlineData("::1:7700")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("http://host:1")]
    [InlineData("[host]:1")]
    [InlineData("a b:1")]
    public void What_is_no_address_is_none(string text) => NodeAddress.TryParse(text, out _).ShouldBeFalse();

    private (string?, string) Server()
    {
        SettingValue value = Read()[SettingTable.Server];
        return (value.Text, value.Source);
    }

    private EffectiveSettings Read(string? file = null)
        => SettingsReader.Read(_flags, file, _variables, _workspace.Path);

    private IReadOnlyList<string> Faults(string? file = null)
        => Should.Throw<UserFaultException>(() => Read(file)).Problems;
}

using System.CommandLine;

namespace DistTrain.Cli.Commands;

/// <summary><c>--device</c> of the commands that compute on this machine.</summary>
internal static class DeviceOption
{
    public const string Help = "cpu, cuda:N, or several GPUs for as many workers: cuda:0,cuda:1 [cpu].";
    public const string Placeholder = "DEVICE";

    public static Option<string> Create() => new("--device") { Description = Help, HelpName = Placeholder };
}

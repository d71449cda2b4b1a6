using System.CommandLine;
using DistTrain.Cli.Machine;
using DistTrain.Core.Engine;
using DistTrain.LibTorch;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain devices</c>.</summary>
internal static class DevicesCommand
{
    public const string RequireFlag = "--require";

    public static void Fill(Command command, CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "Print one line of JSON." };
        var require = new Option<string?>(RequireFlag)
        {
            Description = "Print nothing; exit code 2 and one line where these devices are not there.",
            HelpName = DeviceOption.Placeholder,
        };
        command.Options.Add(json);
        command.Options.Add(require);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(require) is { } wanted)
            {
                MachineDevices.Require(DeviceList.Parse(wanted));
                return;
            }

            MachineDevices here = MachineDevices.OfThisMachine();
            if (parsed.GetValue(json))
            {
                context.Output.WriteLine(DevicesText.ToJson(here));
            }
            else
            {
                DevicesText.Write(here, context.Output, context.Look);
            }
        });
    }
}

using System.CommandLine;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Study;
using DistTrain.Study.Sweeps;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain lr-find</c>: a sweep of the learning rate, and what it suggests.</summary>
internal static class LrFindCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        var job = new JobOptions(command);
        var from = new Option<double?>("--from")
        {
            Description = "Rate of the first step [1e-6].",
            HelpName = "RATE",
        };
        var to = new Option<double?>("--to")
        {
            Description = "Rate of the last step [10].",
            HelpName = "RATE",
        };
        var steps = new Option<int?>("--steps")
        {
            Description = "Steps of the sweep, unless the loss blows up before [100].",
            HelpName = "N",
        };
        Option<string> device = DeviceOption.Create();
        var outFolder = new Option<string?>("--out")
        {
            Description = "Folder for lr-find.html and lr-find.json [lr-find/NAME].",
            HelpName = "DIR",
        };
        var json = new Option<bool>("--json")
        {
            Description = "End stdout with one line of JSON: the result.",
        };
        foreach (Option option in (Option[])[from, to, steps, device, outFolder, json])
        {
            command.Options.Add(option);
        }

        var settings = new SettingOptions(command, SettingTable.Client);
        command.SetAction((parsed, _) => new LrFindRunner(context, new LrFindRequest(
            job.Read(parsed, context),
            new SweepRequest(
                parsed.GetValue(from) ?? 1e-6, parsed.GetValue(to) ?? 10, parsed.GetValue(steps) ?? 100),
            parsed.GetValue(device) ?? "cpu",
            RunPlace.ServerOf(settings.Read(parsed, context), context),
            parsed.GetValue(outFolder), parsed.GetValue(json))).RunAsync());
    }
}

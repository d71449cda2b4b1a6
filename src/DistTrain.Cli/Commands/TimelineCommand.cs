using System.CommandLine;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Study;
using DistTrain.Cli.Timeline;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain timeline RUN</c>.</summary>
internal static class TimelineCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        var run = new Argument<string>("RUN")
        {
            Description = "Folder of a run, such as runs/NAME-1; with --server a job's id.",
        };
        var steps = new Option<string?>("--steps")
        {
            Description = "Steps to show; either end may be left out [the last 200].",
            HelpName = "A..B",
        };
        var epoch = new Option<int?>("--epoch") { Description = "Show this epoch.", HelpName = "N" };
        var trace = new Option<string?>("--out")
        {
            Description = "Where the trace goes [NAME.timeline.json].",
            HelpName = "FILE",
        };
        var picture = new Option<string?>("--svg")
        {
            Description = "Also draw the first of these steps into this file.",
            HelpName = "FILE",
        };
        var json = new Option<bool>("--json")
        {
            Description = "End stdout with one line of JSON: the shares.",
        };
        command.Add(run);
        foreach (Option option in (Option[])[steps, epoch, trace, picture, json])
        {
            command.Options.Add(option);
        }

        var settings = new SettingOptions(command, SettingTable.Client);
        command.SetAction((parsed, cancellation) => TimelineRunner.RunAsync(
            context,
            new TimelineRequest(
                parsed.GetValue(run)!, StepRange.Parse(parsed.GetValue(steps)), parsed.GetValue(epoch),
                parsed.GetValue(trace), parsed.GetValue(picture), parsed.GetValue(json),
                RunPlace.ServerOf(settings.Read(parsed, context), context)),
            cancellation));
    }
}

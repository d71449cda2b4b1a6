using System.CommandLine;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Study;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain tune JOB.json --space SPACE.json</c>.</summary>
internal static class TuneCommand
{
    private const int TrialsByDefault = 30;
    private const int GridPointsByDefault = 5;

    public static void Fill(Command command, CommandContext context)
    {
        var job = new JobOptions(command, isRequired: true);
        var space = new Option<string>("--space")
        {
            Description = "Search space: which fields, and what they may be; see docs/tune.md.",
            HelpName = "SPACE.json",
            Required = true,
        };
        var sampler = Word("--sampler", "grid, random, sobol or tpe [tpe].", "NAME");
        var scheduler = Word(
            "--scheduler", "none, or asha: give up the worse two thirds early [none].", "NAME");
        var metric = Word(
            "--metric", "validation-accuracy, validation-loss, train-accuracy or train-loss.", "NAME");
        var trials = new Option<int?>("--trials")
        {
            Description = $"Trials to run [{TrialsByDefault}; a grid: all of its points].",
            HelpName = "N",
        };
        var gridPoints = new Option<int?>("--grid-points")
        {
            Description = $"Points of a grid along a scale [{GridPointsByDefault}].",
            HelpName = "N",
        };
        var seed = new Option<long?>("--seed") { Description = "Of the sampler [1].", HelpName = "N" };
        var workers = new Option<int?>("--workers")
        {
            Description = "Workers of one trial; they change no result [1].",
            HelpName = "N",
        };
        var device = Word("--device", DeviceOption.Help, DeviceOption.Placeholder);
        var outFolder = Word(
            "--out", "Folder of the search; one that was begun goes on [tune/NAME].", "DIR");
        var json = new Option<bool>("--json")
        {
            Description = "End stdout with one line of JSON: the result.",
        };
        foreach (Option option in (Option[])[
            space, sampler, scheduler, metric, trials, gridPoints, seed, workers, device, outFolder, json])
        {
            command.Options.Add(option);
        }

        var settings = new SettingOptions(command, SettingTable.Client);
        command.SetAction((parsed, _) => new TuneRunner(context, new TuneRequest
        {
            Job = job.Read(parsed, context),
            SpacePath = parsed.GetValue(space)!,
            Sampler = parsed.GetValue(sampler) ?? "tpe",
            Scheduler = parsed.GetValue(scheduler) ?? "none",
            Metric = parsed.GetValue(metric),
            Trials = parsed.GetValue(trials),
            TrialsByDefault = TrialsByDefault,
            GridPoints = parsed.GetValue(gridPoints) ?? GridPointsByDefault,
            Seed = parsed.GetValue(seed) ?? 1,
            WorkersPerTrial = parsed.GetValue(workers) ?? 1,
            Device = parsed.GetValue(device) ?? "cpu",
            Out = parsed.GetValue(outFolder),
            Json = parsed.GetValue(json),
            Server = RunPlace.ServerOf(settings.Read(parsed, context), context),
        }).RunAsync());
    }

    private static Option<string?> Word(string name, string help, string placeholder)
        => new(name) { Description = help, HelpName = placeholder };
}

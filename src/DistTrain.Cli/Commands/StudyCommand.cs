using System.CommandLine;
using DistTrain.Cli.Client;
using DistTrain.Cli.Settings;
using DistTrain.Cli.Study;
using DistTrain.Core;
using DistTrain.Study.Execution;
using DistTrain.Study.Records;
using DistTrain.Study.Reports;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain study STUDY.json</c> and <c>disttrain study report DIR</c>.</summary>
internal static class StudyCommand
{
    public static void Fill(Command command, CommandContext context)
    {
        var file = new Argument<string?>("STUDY.json")
        {
            Description = "Study file; see docs/study.md.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var outFolder = new Option<string?>("--out")
        {
            Description = "Folder of the study; one that was begun goes on [studies/NAME].",
            HelpName = "DIR",
        };
        Option<string> device = DeviceOption.Create();
        var workers = new Option<int?>("--workers")
        {
            Description = "Workers that may be busy at once [processors, or the cluster's workers].",
            HelpName = "N",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Show the plan and run nothing." };
        var json = new Option<bool>("--json")
        {
            Description = "End stdout with one line of JSON: the result.",
        };
        var quiet = new Option<bool>("--quiet") { Description = "Show warnings only." };
        command.Add(file);
        foreach (Option option in (Option[])[outFolder, device, workers, dryRun, json, quiet])
        {
            command.Options.Add(option);
        }

        var settings = new SettingOptions(command, SettingTable.Client);
        command.SetAction((parsed, _) => new StudyCommandRun(context, new StudyRequest(
            parsed.GetValue(file) ?? throw new UserFaultException(
                "give a study file, such as examples/studies/smoke.json; see disttrain study --help"),
            parsed.GetValue(outFolder), parsed.GetValue(device) ?? "cpu",
            AtLeastOne(parsed.GetValue(workers)), ServerOf(settings.Read(parsed, context), context),
            parsed.GetValue(dryRun), parsed.GetValue(json), parsed.GetValue(quiet))).RunAsync());
        command.Add(Report(context));
    }

    /// <summary>A study runs on this machine unless its command line says otherwise.</summary>
    private static ClientSettings? ServerOf(EffectiveSettings settings, CommandContext context)
        => settings[SettingTable.Server].Level == SettingLevel.Flag
            ? ClientSettings.From(settings, context.Folder) : null;

    private static int? AtLeastOne(int? workers) => workers is < 1
        ? throw new UserFaultException("--workers: must be a whole number of at least 1") : workers;

    private static Command Report(CommandContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "Folder of a study." };
        var command = new Command("report", "Write a study's tables and report again.") { folder };
        command.SetAction(parsed =>
        {
            var study = new StudyFolder(Path.GetFullPath(parsed.GetValue(folder)!, context.Folder));
            (StoredPlan plan, IReadOnlyList<StudyRun> runs) = study.ReadAll();
            StudyCsv.Write(study.TablePath, runs);
            StudyReport.Write(plan.Frame, runs, study.ReportPath);
            context.Output.WriteLine(study.ReportPath);
            return 0;
        });
        return command;
    }
}

using System.CommandLine;
using DistTrain.Cli.Training;
using DistTrain.Core;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Commands;

/// <summary>
/// <c>disttrain train</c>: the options that say the same things as a job file, and those about the run.
/// </summary>
internal static class TrainCommand
{
    private const string ModelFlag = "--model";

    public static Command Create()
    {
        var jobFile = new Argument<string?>("JOB.json")
        {
            Description = "Job file; without one the flags and defaults make the job.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        (JobFlag Flag, Option<string> Option)[] jobFlags =
            [.. JobFlags.All.Select(flag => (flag, JobOption(flag)))];
        var set = new Option<string[]>("--set")
        {
            Description = "Set any field of the job, e.g. --set optimizer.nesterov=true.",
            HelpName = "path=value",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<string> device = DeviceOption.Create();
        var engine = new Option<string?>("--engine")
        {
            Description = "libtorch or torchsharp [what suits the model].",
            HelpName = "ENGINE",
        };
        var outRoot = new Option<string>("--out")
        {
            Description = "Folder for run directories [runs].",
            HelpName = "DIR",
        };
        var resume = new Option<string?>("--resume")
        {
            Description = "Go on with an interrupted run.",
            HelpName = "RUN",
        };
        var json = new Option<bool>("--json")
        {
            Description = "End stdout with one line of JSON: the result.",
        };
        var metrics = new Option<string?>("--metrics")
        {
            Description = "Serve metrics for Prometheus there while it trains, e.g. 127.0.0.1:9464.",
            HelpName = "ADDR:PORT",
        };
        var quiet = new Option<bool>("--quiet") { Description = "Show warnings only." };

        var command = new Command("train", "Train a model on this machine with several workers.") { jobFile };
        Option[] options =
        [
            .. jobFlags.Select(pair => pair.Option), set, device, engine, outRoot, resume, metrics, json,
            quiet,
        ];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
        command.SetAction((parsed, _) =>
        {
            List<JobOverride> overrides = [];
            foreach ((JobFlag flag, Option<string> option) in jobFlags)
            {
                if (parsed.GetValue(option) is { } value)
                {
                    overrides.Add(string.Equals(flag.Name, ModelFlag, StringComparison.Ordinal)
                        ? JobFlags.Model(value, path => TextFile.Read(path, "list of layers"))
                        : flag.With(value));
                }
            }
            overrides.AddRange((parsed.GetValue(set) ?? []).Select(JobOverride.Set));
            return TrainRunner.RunAsync(new TrainRequest(
                parsed.GetValue(jobFile), overrides, parsed.GetValue(device) ?? "cpu",
                parsed.GetValue(engine), parsed.GetValue(outRoot) ?? "runs", parsed.GetValue(resume),
                parsed.GetValue(json), parsed.GetValue(quiet), parsed.GetValue(metrics)));
        });
        return command;
    }

    private static Option<string> JobOption(JobFlag flag)
        => new(flag.Name) { Description = flag.Help, HelpName = flag.Placeholder };
}

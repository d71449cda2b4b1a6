using System.CommandLine;
using DistTrain.Cli.Study;
using DistTrain.Core;

namespace DistTrain.Cli.Commands;

/// <summary><c>disttrain batch-find</c>: what fits the device's memory, and how fast it is.</summary>
internal static class BatchFindCommand
{
    private const int LargestByDefault = 8192;

    public static void Fill(Command command, CommandContext context)
    {
        var job = new JobOptions(command);
        Option<string> device = DeviceOption.Create();
        var workers = new Option<int?>("--workers")
        {
            Description = "Workers to try together [the job's].",
            HelpName = "N",
        };
        var largest = new Option<int?>("--largest")
        {
            Description = $"Largest shard to try [{LargestByDefault}].",
            HelpName = "N",
        };
        var json = new Option<bool>("--json")
        {
            Description = "End stdout with one line of JSON: the table.",
        };
        var probe = new Option<string?>("--probe") { Hidden = true };
        var sample = new Option<string?>("--sample") { Hidden = true };
        foreach (Option option in (Option[])[device, workers, largest, json, probe, sample])
        {
            command.Options.Add(option);
        }

        command.SetAction((parsed, _) =>
        {
            var request = new BatchFindRequest(
                job.Read(parsed, context), job.Words(parsed, context), parsed.GetValue(device) ?? "cpu",
                Positive("--workers", parsed.GetValue(workers)),
                Positive("--largest", parsed.GetValue(largest)) ?? LargestByDefault, parsed.GetValue(json),
                parsed.GetValue(sample));
            var runner = new BatchFindRunner(context, request);
            return parsed.GetValue(probe) is { } size
                ? Task.FromResult(runner.Probe(size))
                : runner.RunAsync();
        });
    }

    private static int? Positive(string option, int? value) => value is < 1
        ? throw new UserFaultException($"{option} {value}: give a whole number of at least 1")
        : value;
}

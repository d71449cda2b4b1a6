using System.CommandLine;
using DistTrain.Cli.Commands;

namespace DistTrain.Cli;

/// <summary>
/// The program's commands. Building all their options costs more than anything else that
/// <c>disttrain --help</c> does, so a command that a line does not name is there by its name alone.
/// </summary>
internal static class Grammar
{
    private static readonly Entry[] Entries =
    [
        new("job", "Submit, watch and steer a cluster's jobs.", JobCommand.Fill),
        new("cluster", "See a cluster and take nodes out.", ClusterCommand.Fill),
        new("coordinator", "Run a cluster's coordinator: its queue of jobs, its workers, its API.",
            CoordinatorCommand.Fill),
        new("worker", "Run a worker that computes for a coordinator.", WorkerCommand.Fill),
        new("up", "Start a coordinator and workers on this machine, to try things out.", UpCommand.Fill),
        new("shell", "Give commands to a cluster at a prompt, with history and completion.",
            ShellCommand.Fill),
        new("study", "Measure how batch, rate and workers act on a job, and report it.", StudyCommand.Fill),
        new("lr-find", "Sweep the learning rate over a few steps and say which rates to try.",
            LrFindCommand.Fill),
        new("batch-find", "Find the largest shard that fits, and where throughput stops growing.",
            BatchFindCommand.Fill),
        new("tune", "Search any fields of a job for the best result.", TuneCommand.Fill),
        new("timeline", "Show where the time of a run's steps went, and write it as a trace.",
            TimelineCommand.Fill),
        new("devices", "List what this machine can compute on, and say why not on more.",
            DevicesCommand.Fill),
        new("settings", "Print every setting and where its value came from.", SettingsCommand.Fill),
    ];

    /// <param name="context">The world the commands run in.</param>
    /// <param name="words">The line that will be parsed, as far as it is known.</param>
    public static RootCommand For(CommandContext context, IReadOnlyList<string> words)
    {
        var root = new RootCommand(
            "Train neural networks data-parallel, to the same bits from any number of workers.")
        {
            TrainCommand.Create(),
            DataCommand.Create(),
        };
        foreach (Entry entry in Entries)
        {
            var command = new Command(entry.Name, entry.Help);
            // A line for completion arrives as one word.
            if (words.Any(word => word.Contains(entry.Name, StringComparison.Ordinal)))
            {
                entry.Fill(command, context);
            }

            root.Add(command);
        }

        return root;
    }

    private sealed record Entry(string Name, string Help, Action<Command, CommandContext> Fill);
}

using System.CommandLine;
using DistTrain.Cli.Training;
using DistTrain.Core;
using DistTrain.Core.Jobs;

namespace DistTrain.Cli.Study;

/// <summary>
/// The job file and <c>--set</c>, for commands that work on a job and leave its own flags to
/// <c>disttrain train</c>.
/// </summary>
internal sealed class JobOptions
{
    private readonly Argument<string?> _file;
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set any field of the job, e.g. --set batch.global=256.",
        HelpName = "path=value",
        Arity = ArgumentArity.OneOrMore,
    };

    public JobOptions(Command command, bool isRequired = false)
    {
        _file = new Argument<string?>("JOB.json")
        {
            Description = isRequired ? "Job file." : "Job file; without one --set and defaults make the job.",
            Arity = isRequired ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne,
        };
        command.Add(_file);
        command.Add(_set);
    }

    public GivenJob Read(ParseResult parsed, CommandContext context)
    {
        string? path = parsed.GetValue(_file) is { } typed ? Path.GetFullPath(typed, context.Folder) : null;
        return new GivenJob(
            path, path is null ? null : TextFile.Read(path, "job file"),
            [.. (parsed.GetValue(_set) ?? []).Select(JobOverride.Set)]);
    }

    /// <summary>The words that give this job again.</summary>
    public string[] Words(ParseResult parsed, CommandContext context)
        => [.. parsed.GetValue(_file) is { } typed ? [Path.GetFullPath(typed, context.Folder)] : (string[])[],
            .. (parsed.GetValue(_set) ?? []).SelectMany(value => new[] { "--set", value })];
}

/// <summary>A job's text, read once, so that a file edited meanwhile changes nothing.</summary>
/// <param name="Path">Full path; null: there is no file.</param>
/// <param name="Text">The file's text; null: there is none.</param>
/// <param name="Overrides">Of the command line.</param>
internal sealed record GivenJob(string? Path, string? Text, IReadOnlyList<JobOverride> Overrides)
{
    private const int MostWorkersByDefault = 8;

    /// <param name="more">Values that beat those of the command line.</param>
    /// <param name="isLocal">Paths are this machine's: they are made full.</param>
    /// <param name="warn">Receives a line for each harmless oddity.</param>
    /// <exception cref="UserFaultException">One line for every fault.</exception>
    public JobSpec Read(IReadOnlyList<JobOverride> more, bool isLocal, Action<string>? warn = null)
    {
        JobSpec job = JobReader.Read(
            Text, Path is null ? null : System.IO.Path.GetFileName(Path), [.. Overrides, .. more],
            Math.Min(Environment.ProcessorCount, MostWorkersByDefault), warn);
        return isLocal ? EffectiveJob.WithFullPaths(job, Path) : job;
    }
}

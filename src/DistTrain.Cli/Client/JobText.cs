using System.Globalization;
using DistTrain.Api;
using DistTrain.Api.Json;
using DistTrain.Cli.Terminal;
using DistTrain.Core.Cluster;

namespace DistTrain.Cli.Client;

/// <summary>Jobs in words and tables.</summary>
internal static class JobText
{
    /// <summary>What a job says that takes all workers there are.</summary>
    private const int NoBound = 65536;

    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    public static string State(JobState state) => ApiJson.Word(state);

    public static string Time(DateTimeOffset time, TimeProvider clock)
        => TimeZoneInfo.ConvertTime(time, clock.LocalTimeZone)
            .ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static void Table(IReadOnlyList<JobView> jobs, TextWriter output, CommandContext context)
    {
        if (jobs.Count == 0)
        {
            output.WriteLine("no jobs");
            return;
        }

        var table = new TextTable(
            new("job"), new("state"), new("epoch", Right: true), new("done", Right: true),
            new("loss", Right: true), new("workers", Right: true),
            new("samples/s", Right: true, Expendable: true), new("submitted", Expendable: true));
        foreach (JobView job in jobs)
        {
            table.Add(
                new(job.Id, Ink.Strong), new(State(job.State), InkOf(job.State)),
                job.Epoch == 0 ? "-" : $"{job.Epoch}/{job.Epochs}", Done(job),
                job.Loss is { } loss ? Units.Loss(loss) : "-", $"{job.Workers.Count}",
                job.SamplesPerSecond is { } speed ? Units.Throughput(speed).Split(' ')[0] : "-",
                Time(job.Submitted, context.Time));
        }

        table.Write(output, context.Look);
    }

    /// <summary>All there is to say of one job, a line a fact.</summary>
    public static void Describe(JobView job, TextWriter output, TimeProvider clock)
    {
        Fact("job", job.Name == job.Id ? job.Id : $"{job.Id} ({job.Name})");
        Fact("state", State(job.State) + (job.Reason is { } reason ? $": {reason}" : ""));
        Fact("submitted", Time(job.Submitted, clock));
        Fact("started", job.Started is { } started
            ? Time(started, clock) + (job.Attempt > 1 ? $", attempt {job.Attempt}" : "")
            : null);
        Fact("ended", job.Ended is { } ended ? Time(ended, clock) : null);
        Fact("progress", job.Epoch == 0 ? null
            : $"epoch {job.Epoch}/{job.Epochs}, step {Units.Count(job.Step)}/{Units.Count(job.Steps)}, "
                + Done(job));
        Fact("loss", job.Loss is { } loss
            ? Units.Loss(loss) + (job.Accuracy is { } share ? $", accuracy {Units.Share(share)}" : "")
            : null);
        Fact("speed", job.SamplesPerSecond is { } speed ? Units.Throughput(speed) : null);
        string bounds = job.MinWorkers == job.MaxWorkers
            ? $"{job.MinWorkers}"
            : job.MaxWorkers >= NoBound ? $"at least {job.MinWorkers}"
            : $"{job.MinWorkers} to {job.MaxWorkers}";
        string workers = job.Workers.Count == 0 ? "none" : string.Join(", ", job.Workers);
        Fact("workers", $"{workers} (wants {bounds})");
        Fact("weights", job.WeightsSha256 is { } hash ? $"sha256 {hash}" : null);

        void Fact(string name, string? text)
        {
            if (text is not null)
            {
                output.WriteLine($"{name,-11} {Units.Printable(text)}");
            }
        }
    }

    private static string Done(JobView job)
        => job.Steps == 0 ? "-" : $"{100 * job.Step / job.Steps} %";

    private static Ink InkOf(JobState state) => state switch
    {
        JobState.Running => Ink.Train,
        JobState.Failed or JobState.Paused or JobState.Pausing => Ink.Validation,
        _ => Ink.Normal,
    };
}

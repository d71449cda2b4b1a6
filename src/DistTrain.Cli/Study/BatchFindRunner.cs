using System.Globalization;
using DistTrain.Cli.Nodes;
using DistTrain.Cli.Training;
using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using DistTrain.Study.Capacity;

namespace DistTrain.Cli.Study;

/// <param name="Job">The job.</param>
/// <param name="JobWords">The words of the command line that give it.</param>
/// <param name="Device">"cpu" or "cuda:N".</param>
/// <param name="Workers">null: the job's.</param>
/// <param name="Largest">Largest shard to try.</param>
/// <param name="Json">End stdout with the table as JSON.</param>
/// <param name="Sample">What a probe's samples look like; null: it loads the job's data.</param>
internal sealed record BatchFindRequest(
    GivenJob Job, IReadOnlyList<string> JobWords, string Device, int? Workers, int Largest, bool Json,
    string? Sample);

/// <summary>One <c>disttrain batch-find</c>, or one of its probes.</summary>
internal sealed class BatchFindRunner(CommandContext context, BatchFindRequest request)
{
    public async Task<int> RunAsync()
    {
        JobSpec job = request.Job.Read([], isLocal: true, Warn);
        int workers = request.Workers ?? JobReader.StartingWorkers(job, job.Workers.Max);
        if (workers > Environment.ProcessorCount * 4)
        {
            throw new UserFaultException(
                $"{workers} workers on {Environment.ProcessorCount} processors would measure nothing; give "
                + "fewer with --workers");
        }

        using var interrupts = new Interrupts(text => context.Errors.WriteLine("interrupted"));
        var probe = new ProcessProbe(
            ProgramFile.Own(), [.. request.JobWords, "--device", request.Device, .. SampleWords(job)],
            context.Folder);
        context.Errors.WriteLine($"{job.Name} on {request.Device}, shards tried by 1 worker"
            + (workers > 1 ? $" and by {workers} at once" : "") + "; each in a process of its own");
        var search = new CapacitySearch(probe, workers, request.Largest, FreeMemory.Now, row =>
            context.Errors.WriteLine($"  {row.Shard} samples: {row.All.SamplesPerSecond:N0} samples/s, "
                + $"{row.All.PeakBytes / 1e6:N0} MB"));
        CapacityReport report;
        try
        {
            report = await search.RunAsync(interrupts.Token);
        }
        catch (OperationCanceledException) when (interrupts.ExitCode != 0)
        {
            return interrupts.ExitCode;
        }

        if (report.Rows.Count == 0)
        {
            throw new RunFaultException(report.Reason);
        }
        CapacityText.Write(report, job, request.Json, context);
        return 0;
    }

    /// <summary>The child's part: one size, one line.</summary>
    public int Probe(string size)
    {
        string[] parts = size.Split('x');
        if (parts.Length != 2
            || !int.TryParse(parts[0], CultureInfo.InvariantCulture, out int shard) || shard < 1
            || !int.TryParse(parts[1], CultureInfo.InvariantCulture, out int workers) || workers < 1)
        {
            throw new UserFaultException($"--probe {size}: write it as SHARDxWORKERS, such as 64x2");
        }

        ProbeResult result;
        try
        {
            JobSpec job = request.Job.Read([], isLocal: true);
            using IDataset dataset = request.Sample is { } sample ? SampleWord.Synthesise(sample) : Load(job);
            result = new ShardTrial(job, dataset, request.Device, shard, workers).Run();
        }
        catch (Exception fault) when (ProbeLine.IsOutOfMemory(fault))
        {
            result = new ProbeResult.OutOfMemory(fault.Message.ReplaceLineEndings(" "));
        }

        context.Output.WriteLine(ProbeLine.Write(result));
        return 0;
    }

    /// <summary>
    /// Loading the data is most of a probe's time, and its content changes no probe: random samples of its
    /// shape cost the same to compute on.
    /// </summary>
    private static string[] SampleWords(JobSpec job)
    {
        using IDataset dataset = Load(job);
        return SampleWord.Of(dataset) is { } word ? ["--sample", word] : [];
    }

    private static IDataset Load(JobSpec job)
        => DatasetLoader.Load(job.Dataset, job.Seed, DatasetPlaces.FromEnvironment());

    private void Warn(string text) => context.Errors.WriteLine($"warning: {text}");
}

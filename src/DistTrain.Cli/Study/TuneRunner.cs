using DistTrain.Cli.Training;
using DistTrain.Core.Jobs;
using DistTrain.Study.Launching;
using DistTrain.Study.Tuning;
using DistTrain.Study.Tuning.Execution;
using DistTrain.Study.Tuning.Samplers;
using DistTrain.Study.Tuning.Spaces;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Cli.Study;

/// <summary>One <c>disttrain tune</c>, from the request to the exit code.</summary>
internal sealed class TuneRunner(CommandContext context, TuneRequest request)
{
    public async Task<int> RunAsync()
    {
        request.Check();
        JobSpec job = request.Job.Read([], request.Server is null, Warn);
        string spacePath = Path.GetFullPath(request.SpacePath, context.Folder);
        SearchSpace space = SpaceReader.Read(
            TextFile.Read(spacePath, "search space"), Path.GetFileName(spacePath));
        Objective objective = Objective.Parse(request.Metric, job);
        (ISampler sampler, int trials) = SamplerOf(space);
        var identity = new SearchIdentity(
            job, space, request.Sampler, request.Scheduler, objective.Name, request.Seed, request.GridPoints);
        string folder = Path.GetFullPath(request.Out ?? Path.Combine("tune", job.Name), context.Folder);
        using TrialJournal journal = TrialJournal.Open(folder, identity);
        var plan = new TunePlan
        {
            Space = space,
            Sampler = sampler,
            Objective = objective,
            JobOf = overrides => request.Job.Read(overrides, request.Server is null),
            Trials = trials,
            Halving = request.Scheduler == "asha",
            WorkersPerTrial = request.WorkersPerTrial,
        };
        return await SearchAsync(job, plan, journal, new TuneResults(folder, plan, identity));
    }

    private async Task<int> SearchAsync(
        JobSpec job, TunePlan plan, TrialJournal journal, TuneResults results)
    {
        using var interrupts = new Interrupts(text => context.Errors.WriteLine(
            "interrupted: the trials under way save and end; once more leaves at once"));
        RunPlace place = await RunPlace.OpenAsync(
            context, request.Server, request.Device, workers: null, job.Threads, results.RunsFolder,
            context.Errors.WriteLine, interrupts.Token);
        await using IRunLauncher launcher = place.Launcher;
        var executor = new TuneExecutor(
            plan, launcher, journal, new TuneLines(plan, context.Errors), context.Time);
        IReadOnlyList<Trial> trials = await executor.RunAsync(interrupts.Token);
        results.Write(trials);
        if (request.Json)
        {
            context.Output.WriteLine(results.ToJson(trials, interrupts.ExitCode != 0));
        }
        else
        {
            results.Print(trials, context);
        }
        if (interrupts.ExitCode != 0)
        {
            context.Errors.WriteLine("to go on: give the same command again");
        }

        return interrupts.ExitCode;
    }

    private (ISampler Sampler, int Trials) SamplerOf(SearchSpace space)
    {
        int dimensions = space.Dimensions.Count;
        int trials = request.Trials ?? request.TrialsByDefault;
        switch (request.Sampler)
        {
            case "grid":
                var grid = new GridSampler(space, request.GridPoints);
                return (grid, request.Trials ?? (int)Math.Min(grid.Count, int.MaxValue));
            case "random":
                return (new RandomSampler(dimensions, request.Seed), trials);
            case "sobol":
                return (new SobolSampler(dimensions, request.Seed), trials);
            default:
                return (new TpeSampler(space, request.Seed), trials);
        }
    }

    private void Warn(string text) => context.Errors.WriteLine($"warning: {text}");
}

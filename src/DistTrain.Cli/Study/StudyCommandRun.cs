using DistTrain.Cli.Terminal;
using DistTrain.Cli.Training;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Study.Execution;
using DistTrain.Study.Launching;
using DistTrain.Study.Planning;
using DistTrain.Study.Records;
using DistTrain.Study.Specs;

namespace DistTrain.Cli.Study;

/// <summary>One <c>disttrain study</c>, from the request to the exit code.</summary>
internal sealed class StudyCommandRun(CommandContext context, StudyRequest request)
{
    public async Task<int> RunAsync()
    {
        string path = Path.GetFullPath(request.File, context.Folder);
        StudyFile file = StudyReader.Read(TextFile.Read(path, "study file"), Path.GetFileName(path));
        BaseJob job = ReadJob(file, path);
        var folder = new StudyFolder(Path.GetFullPath(
            request.Out ?? Path.Combine("studies", file.Spec.Name), context.Folder));
        using var interrupts = new Interrupts(Say);
        RunPlace place = await RunPlace.OpenAsync(
            context, request.Server, request.Device, request.Workers, job.Spec.Threads, folder.RunsPath, Say,
            interrupts.Token);
        await using IRunLauncher launcher = place.Launcher;
        StudyPlan plan = GridPlanner.Plan(file, job, place.SamplesOf(job.Spec));
        if (request.DryRun)
        {
            ShowPlan(plan, folder);
            return 0;
        }

        using var runner = StudyRunner.Open(plan, FrameOf(plan, job, place), folder, Say);
        try
        {
            return await RunAsync(plan, runner, launcher, folder, interrupts);
        }
        catch (DistTrainException) when (runner.Finished.Count > 0)
        {
            context.Errors.WriteLine(GoOn());
            throw;
        }
    }

    private async Task<int> RunAsync(
        StudyPlan plan, StudyRunner runner, IRunLauncher launcher, StudyFolder folder, Interrupts interrupts)
    {
        if (runner.Finished.Count > 0)
        {
            Say($"{runner.Finished.Count} of {plan.Cells.Count} cells are finished already");
        }

        StudyOutcome outcome;
        using (RunsView view = Show(plan, runner, launcher))
        {
            outcome = await runner.RunAsync(launcher, view, interrupts.Token);
        }

        if (!outcome.Complete)
        {
            context.Errors.WriteLine(GoOn());
        }

        if (request.Json)
        {
            context.Output.WriteLine(StudyText.ResultObject(outcome, folder, plan.Cells.Count));
        }
        else
        {
            StudyText.Result(outcome, folder, context.Output);
        }

        return !outcome.Complete ? interrupts.ExitCode
            : outcome.Rows.Any(StudyText.HasFailed) ? CommandLine.RunFailed : 0;
    }

    private BaseJob ReadJob(StudyFile file, string path)
    {
        JobSource source = file.Spec.Job;
        if (source.Path is null)
        {
            return new BaseJob(file.Spec, source.Text!, file.Source, Locate(path));
        }

        string jobPath = Path.GetFullPath(source.Path, Path.GetDirectoryName(path)!);
        if (!File.Exists(jobPath))
        {
            throw file.Fault("job", $"there is no such job file: {jobPath}");
        }

        return new BaseJob(
            file.Spec, TextFile.Read(jobPath, "job file"), Path.GetFileName(jobPath), Locate(jobPath));
    }

    /// <summary>On a cluster the paths in a job are those of its coordinator.</summary>
    private Func<JobSpec, JobSpec> Locate(string jobFile)
        => request.Server is not null ? job => job : job => EffectiveJob.WithFullPaths(job, jobFile);

    private StudyFrame FrameOf(StudyPlan plan, BaseJob job, RunPlace place) => new(
        plan.Study.Name, plan.Study.Question, plan.Study.Target, job.ReferenceBatch,
        $"disttrain study {request.File}", plan.Cells.Count, place.Machine());

    private void ShowPlan(StudyPlan plan, StudyFolder folder)
    {
        IReadOnlyList<StudyRun> rows = folder.ReadPlan() is null ? [] : folder.ReadAll().Runs;
        StudyText.Plan(
            plan, rows.Select(row => row.Id).ToHashSet(StringComparer.Ordinal), EstimateFrom(rows),
            context.Output, context.Look);
    }

    private RunsView Show(StudyPlan plan, StudyRunner runner, IRunLauncher launcher)
    {
        TerminalChoice choice = TerminalChoice.Of(request.Quiet, Console.IsErrorRedirected,
            name => context.Variables.GetValueOrDefault(name));
        var progress = new RunsProgress(
            runner.Waiting, launcher.Workers, runner.Left, EstimateFrom(runner.Finished),
            context.Time);
        return new RunsView(
            $"study {plan.Study.Name}", progress, end => StudyText.Ended(end, plan.Study.Target.Metric),
            choice, context.Errors, new ErrorTerminal(), context.Time);
    }

    private static TimeEstimate EstimateFrom(IEnumerable<StudyRun> rows)
    {
        var estimate = new TimeEstimate();
        foreach (StudyRun row in rows.DistinctBy(row => row.Id, StringComparer.Ordinal))
        {
            estimate.Add(row);
        }

        return estimate;
    }

    private string GoOn()
    {
        string place = request.Out is null ? "" : $" --out {request.Out}";
        return $"to go on: disttrain study {request.File}{place}";
    }

    private void Say(string text)
    {
        if (!request.Quiet)
        {
            context.Errors.WriteLine(text);
        }
    }
}

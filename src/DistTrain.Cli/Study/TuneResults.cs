using System.Text.Json;
using System.Text.Json.Nodes;
using DistTrain.Cli.Terminal;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Storage;
using DistTrain.Study.Tuning.Execution;
using DistTrain.Study.Tuning.Importance;
using DistTrain.Study.Tuning.Reports;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Cli.Study;

/// <summary>What a search leaves behind, in files and in words.</summary>
/// <param name="folder">The search's.</param>
/// <param name="plan">What it did.</param>
/// <param name="identity">What it is.</param>
internal sealed class TuneResults(string folder, TunePlan plan, SearchIdentity identity)
{
    public string RunsFolder { get; } = Path.Combine(folder, "runs");

    private string TablePath => Path.Combine(folder, "trials.csv");
    private string ReportPath => Path.Combine(folder, "report.html");
    private string BestJobPath => Path.Combine(folder, "best-job.json");

    public void Write(IReadOnlyList<Trial> trials)
    {
        AtomicFile.ReplaceText(TablePath, TrialTable.Write(plan.Space, trials));
        AtomicFile.ReplaceText(ReportPath, TunePage.Render(identity, plan.Objective, trials));
        if (BestOf(trials) is { } best)
        {
            JobSpec job = plan.JobOf(plan.Space.OverridesFor(best.Values));
            AtomicFile.ReplaceText(BestJobPath, JobWriter.Write(job));
        }
    }

    public void Print(IReadOnlyList<Trial> trials, CommandContext context)
    {
        TextWriter output = context.Output;
        output.WriteLine($"{Count(trials, TrialStatus.Completed)} completed, "
            + $"{Count(trials, TrialStatus.GivenUp)} given up, {Count(trials, TrialStatus.Failed)} failed, "
            + $"{Count(trials, TrialStatus.Refused)} refused");
        if (BestOf(trials) is { } best)
        {
            output.WriteLine($"best        {plan.Objective.Name} {plan.Objective.Show(best.Value)}, "
                + $"trial {best.Index}");
            foreach (JobOverride value in plan.Space.OverridesFor(best.Values))
            {
                output.WriteLine($"            {Units.Printable(value.Source)}");
            }

            WriteImportance(trials, context);
            output.WriteLine($"best job    {BestJobPath}");
        }

        output.WriteLine($"trials      {TablePath}");
        output.WriteLine($"report      {ReportPath}");
    }

    public string ToJson(IReadOnlyList<Trial> trials, bool interrupted)
    {
        Trial? best = BestOf(trials);
        var values = new JsonObject();
        foreach (var (dimension, value) in plan.Space.Dimensions.Zip(best?.Values ?? []))
        {
            values[dimension.Path] = value is null ? null : JsonNode.Parse(value);
        }

        return JsonSerializer.Serialize(new
        {
            status = interrupted ? "interrupted" : "completed",
            metric = plan.Objective.Name,
            trials = trials.Count(t => t.Status != TrialStatus.Refused),
            completed = Count(trials, TrialStatus.Completed),
            givenUp = Count(trials, TrialStatus.GivenUp),
            failed = Count(trials, TrialStatus.Failed),
            refused = Count(trials, TrialStatus.Refused),
            best = best is null ? null : new { trial = best.Index, value = best.Value, values },
            importance = MainEffects.Of(plan.Space, trials, plan.Objective)
                .Select(i => new { path = i.Path, share = i.Share, trend = i.Trend }),
            bestJob = best is null ? null : BestJobPath,
            directory = folder,
            report = ReportPath,
        });
    }

    private void WriteImportance(IReadOnlyList<Trial> trials, CommandContext context)
    {
        var known = MainEffects.Of(plan.Space, trials, plan.Objective)
            .Where(i => i.Share is not null).ToList();
        if (known.Count == 0)
        {
            context.Output.WriteLine(
                $"importance  not told from fewer than {MainEffects.FewestTrials} trials");
            return;
        }

        context.Output.WriteLine("importance  share of the variance that each field alone explains");
        foreach (ParameterImportance importance in known)
        {
            string trend = importance.Trend switch
            {
                > 0.3 => ", higher is better",
                < -0.3 => ", lower is better",
                _ => "",
            };
            context.Output.WriteLine(
                $"            {importance.Share * 100,3:F0} %  {importance.Path}{trend}");
        }
    }

    private Trial? BestOf(IReadOnlyList<Trial> trials)
        => trials.Where(t => t.Value is not null).MinBy(t => plan.Objective.CostOf(t.Value));

    private static int Count(IReadOnlyList<Trial> trials, TrialStatus status)
        => trials.Count(t => t.Status == status);
}

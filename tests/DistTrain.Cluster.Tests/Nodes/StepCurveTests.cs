using DistTrain.Api;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core.Cluster;

namespace DistTrain.Cluster.Tests.Nodes;

/// <summary>The steps of a job for who comes late: while it runs, over attempts, at its end.</summary>
public sealed class StepCurveTests
{
    [Fact]
    public async Task Steps_are_whole_while_a_job_runs_over_its_attempts_and_at_its_end()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        JobView job = await cluster.SubmitAsync(cluster.JobJson(epochs: 30));
        await cluster.WhenAsync(job.Id, happened => happened.Step is { Step: >= 25 });
        StepCurve early = (await cluster.Control.StepsAsync(job.Id, 1_000))!;
        early.Step.Count.ShouldBeGreaterThan(25, "not those of the file alone, which is behind");
        early.Step.ShouldBe(Enumerable.Range(0, early.Step.Count).Select(step => (long)step));
        await cluster.Control.PauseAsync(job.Id);
        await cluster.WhenAsync(job.Id, happened => happened.State?.State == JobState.Paused);
        await cluster.Control.ResumeAsync(job.Id);
        await cluster.WhenAsync(job.Id, happened => happened.Started?.ResumedAt is not null);
        await cluster.EndOfAsync(job.Id);
        StepCurve whole = (await cluster.Control.StepsAsync(job.Id, 10_000))!;
        JobView end = (await cluster.Control.JobAsync(job.Id))!;
        end.Attempt.ShouldBe(2);
        whole.Step.ShouldBe(Enumerable.Range(0, (int)end.Step).Select(step => (long)step));
        whole.Loss.ShouldAllBe(loss => double.IsFinite(loss));
        whole.Last!.Step.ShouldBe(end.Step - 1);
        StepCurve few = (await cluster.Control.StepsAsync(job.Id, 5))!;
        (few.Step.Count, few.Step[0], few.Step[^1]).ShouldBe((5, 0, end.Step - 1));
        (await cluster.Control.StepsAsync("none-1", 5)).ShouldBeNull();
    }

    [Fact]
    public async Task Those_of_a_job_that_has_not_begun_are_none()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync();
        JobView job = await cluster.SubmitAsync(cluster.JobJson());
        StepCurve none = (await cluster.Control.StepsAsync(job.Id, 100))!;
        none.Step.ShouldBeEmpty();
        none.Last.ShouldBeNull();
    }
}

using DistTrain.Api;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core.Cluster;

namespace DistTrain.Cluster.Tests.Nodes;

public sealed class JobCommandTests
{
    [Fact]
    public async Task A_job_that_was_paused_and_resumed_ends_in_the_same_bits()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0", "w1");
        string reference = await cluster.ReferenceAsync(cluster.JobJson(epochs: 30));
        JobView job = await cluster.SubmitAsync(cluster.JobJson(epochs: 30));
        await cluster.WhenAsync(job.Id, happened => happened.Step is { Step: >= 25 });
        (await cluster.Control.PauseAsync(job.Id)).Status.ShouldBe(CommandStatus.Done);
        await cluster.WhenAsync(job.Id, happened => happened.State?.State == JobState.Paused);
        await cluster.WhenAsync(view => view.Nodes.All(node => node.Job is null));
        (await cluster.Control.ResumeAsync(job.Id)).Status.ShouldBe(CommandStatus.Done);
        JobView end = await cluster.EndOfAsync(job.Id);
        end.State.ShouldBe(JobState.Completed, cluster.Log);
        end.WeightsSha256.ShouldBe(reference);
        end.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_stopped_job_ends_with_a_result_and_cannot_be_stopped_again()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        JobView job = await cluster.SubmitAsync(cluster.JobJson(epochs: 2000));
        await cluster.WhenAsync(job.Id, happened => happened.Step is not null);
        (await cluster.Control.StopAsync(job.Id)).Status.ShouldBe(CommandStatus.Done);
        JobView end = await cluster.EndOfAsync(job.Id);
        end.State.ShouldBe(JobState.Stopped);
        (await cluster.Control.ResultAsync(job.Id))!.ShouldContain("\"status\":\"interrupted\"");
        (await cluster.Control.StopAsync(job.Id)).Status.ShouldBe(CommandStatus.Conflict);
        (await cluster.Control.StopAsync("nobody-1")).Status.ShouldBe(CommandStatus.NotFound);
    }

    [Fact]
    public async Task Jobs_queue_up_and_run_in_order_each_to_its_bits()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0", "w1");
        string[] texts = [cluster.JobJson(epochs: 3), cluster.JobJson(epochs: 4), cluster.JobJson(epochs: 5)];
        List<JobView> jobs = [];
        foreach (string text in texts)
        {
            jobs.Add(await cluster.SubmitAsync(text));
        }
        for (int i = 0; i < texts.Length; i++)
        {
            JobView end = await cluster.EndOfAsync(jobs[i].Id);
            end.State.ShouldBe(JobState.Completed, cluster.Log);
            end.WeightsSha256.ShouldBe(await cluster.ReferenceAsync(texts[i]));
        }
    }

    [Fact]
    public async Task A_job_waits_for_its_least_number_of_workers()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        string text = cluster.JobJson(extra: ",\n  \"workers\": { \"min\": 2 }");
        JobView job = await cluster.SubmitAsync(text);
        job.State.ShouldBe(JobState.Queued);
        cluster.StartWorker("w1");
        JobView end = await cluster.EndOfAsync(job.Id);
        end.WeightsSha256.ShouldBe(await cluster.ReferenceAsync(text), cluster.Log);
    }

    [Fact]
    public async Task A_job_whose_data_is_not_there_fails_and_says_what_is_missing()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        JobView job = await cluster.SubmitAsync(cluster.JobJson().Replace("train.csv", "nowhere.csv"));
        JobView end = await cluster.EndOfAsync(job.Id);
        end.State.ShouldBe(JobState.Failed);
        end.Reason!.ShouldContain("nowhere.csv");
    }

    [Theory]
    [InlineData("""{ "torchscript": "nowhere.pt" }""", "model.torchscript: nowhere.pt")]
    [InlineData("""{ "assembly": "nowhere.dll", "type": "A" }""", "model.assembly: nowhere.dll")]
    public async Task A_job_whose_model_is_not_there_fails_and_says_where_it_should_be(
        string model, string says)
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w0");
        JobView job = await cluster.SubmitAsync(
            cluster.JobJson().Replace("""{ "preset": "softmax" }""", model));
        JobView end = await cluster.EndOfAsync(job.Id);
        end.State.ShouldBe(JobState.Failed);
        end.Reason.ShouldBe($"{says} is not on the coordinator's machine; give the full path it has there");
    }
}

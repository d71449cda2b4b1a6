using DistTrain.Api;
using DistTrain.Cluster.Tests.Harness;
using DistTrain.Core.Cluster;
using DistTrain.Runs.Timeline;

namespace DistTrain.Cluster.Tests.Coordinator;

public sealed class TimelineOfJobTests
{
    /// <summary>Enough to outweigh whatever else a busy machine does in a step this small.</summary>
    private static readonly TimeSpan _perShard = TimeSpan.FromMilliseconds(40);

    [Fact]
    public async Task A_slow_worker_is_seen_in_the_timeline_of_its_job()
    {
        await using SmallCluster cluster = await SmallCluster.StartAsync("w1", "w2");
        // As on a device that is that slow: the thread is not to be had.
        cluster.Worker("w2").Engine.BeforeGradient = _ => Thread.Sleep(_perShard);
        JobView job = await cluster.SubmitAsync(
            cluster.JobJson(epochs: 1, extra: """, "workers": { "min": 2, "max": 2 }"""));
        (await cluster.EndOfAsync(job.Id)).State.ShouldBe(JobState.Completed, cluster.Log);

        await using Stream file =
            (await cluster.Control.FileAsync(job.Id, JobFile.Timeline)).ShouldNotBeNull();
        TimelineRecord timeline = TimelineReader.Read(file, job.Id);
        timeline.Steps.Select(step => step.Step).ShouldBe(Enumerable.Range(0, 17).Select(step => (long)step));
        // From the fifth on it is given less, for it is slow.
        TimelineStep[] early = [.. timeline.Steps.Take(4)];
        early.ShouldAllBe(step => step.Times.Workers.Sum(worker => worker.Shards.Count) == 8);
        TimeShares shares = TimeShares.Of(early);
        shares.Slowest.ShouldNotBeNull($"{shares.Verdict}\n{string.Join('\n', shares.Workers)}")
            .Worker.ShouldBe("w2");
        (WorkerShare fast, WorkerShare slow) = (shares.Workers[0], shares.Workers[1]);
        slow.Compute.ShouldBeGreaterThan(fast.Compute);
        fast.Waiting.ShouldBeGreaterThan(slow.Waiting);
        early.SelectMany(step => step.Times.Workers).Where(worker => worker.Worker == "w2")
            .SelectMany(worker => worker.Shards).ShouldAllBe(shard => shard.Duration >= _perShard);
    }
}

using DistTrain.MultiNode.Tests.Harness;
using Xunit.Abstractions;

namespace DistTrain.MultiNode.Tests.Soak;

/// <summary>A day of faults in as little time as they take: one about every twenty steps.</summary>
public sealed class SoakTests(References references, ITestOutputHelper output)
    : ClusterTest(references, output)
{
    private const int StepsPerFault = 20;

    [SkippableFact]
    public Task Two_hundred_and_forty_steps_of_faults_end_in_the_reference_bits()
        => SoakAsync(new TestJob { Name = "soak", Epochs = 12, CheckpointEvery = 10 });

    [SkippableFact]
    public Task Two_thousand_steps_of_faults_end_in_the_reference_bits()
    {
        Skip.If(
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable("DISTTRAIN_LONG_TESTS")),
            "it plays a hundred faults; set DISTTRAIN_LONG_TESTS=1 to run it");
        return SoakAsync(new TestJob { Name = "soak", Epochs = 100, CheckpointEvery = 10 });
    }

    private async Task SoakAsync(TestJob job)
    {
        string hash = HashOf(job);
        Random random = Moments();
        TestCluster cluster = await StartAsync(ClusterOptions.Alert);
        var places = new List<(string, LinkProxy)>();
        for (int i = 1; i <= 3; i++)
        {
            places.Add(($"w{i}", (await StartBehindProxyAsync(cluster, $"w{i}")).Proxy));
        }

        var faults = new RandomFaults(cluster, places, random);
        WatchedJob run = await cluster.SubmitAsync(job);

        // In the first half the coordinator dies, too; the one of the second half is looked at.
        int half = job.Steps / StepsPerFault / 2;
        for (int fault = 1; fault < half; fault++)
        {
            await run.ReachAsync(fault * StepsPerFault);
            await faults.NextAsync(withCoordinator: true);
        }

        var footprint = new Footprint(cluster.Coordinator);
        for (int fault = half; fault < 2 * half; fault++)
        {
            await run.ReachAsync(fault * StepsPerFault);
            await faults.NextAsync(withCoordinator: false);
            footprint.Look();
        }

        faults.Heal();
        await run.EndAsync(hash);
        Say($"faults: {string.Join(", ", faults.Played.Select(one => $"{one.Value} × {one.Key}"))}");
        Say($"coordinator: {footprint}");
        footprint.Megabytes.Late.ShouldBeLessThan(1.5 * footprint.Megabytes.Early + 50);
        footprint.Handles.Late.ShouldBeLessThan(footprint.Handles.Early + 30);
    }
}

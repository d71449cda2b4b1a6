using System.Diagnostics;
using Xunit.Abstractions;

namespace DistTrain.Containers.Tests.Harness;

/// <summary>A test of one cluster of containers. What its nodes said is in the test's output.</summary>
[Collection(ContainerTests.Name)]
public abstract class ContainerTest(References references, ITestOutputHelper output) : IAsyncLifetime
{
    private ContainerCluster? _cluster;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
            output.WriteLine(_cluster.Transcript.ToString());
        }
    }

    /// <summary>A coordinator, and workers that have joined it.</summary>
    internal async Task<ContainerCluster> StartAsync(params string[] workers)
    {
        NeedContainers();
        _cluster = new ContainerCluster();
        _cluster.StartCoordinator();
        _cluster.StartWorkers(workers);
        await _cluster.WhenWorkersAreAsync(workers);
        return _cluster;
    }

    internal static void NeedContainers()
    {
        Engine.Needed();
        Needs.Engine();
    }

    /// <summary>Fingerprint of the weights that the job has in one process, outside of any container.</summary>
    internal string HashOf(MnistJob job)
    {
        NeedContainers();
        return references.HashOf(job);
    }

    internal static long Now() => Stopwatch.GetTimestamp();

    /// <summary>A figure that is told, not judged.</summary>
    internal void Tell(string what, long since)
    {
        output.WriteLine($"measured: {what}: {Stopwatch.GetElapsedTime(since).TotalSeconds:0.0} s");
    }
}

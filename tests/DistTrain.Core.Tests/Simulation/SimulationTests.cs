using System.Globalization;
using DistTrain.Core.Tests.Simulation.Faults;
using Xunit.Abstractions;

namespace DistTrain.Core.Tests.Simulation;

/// <summary>
/// The machines of the cluster and of its runs against whatever can happen to them. A seed that fails is
/// played again with its trace: <c>DISTTRAIN_SIM_SEED=n dotnet test --filter A_seed_can_be_replayed</c>;
/// <c>DISTTRAIN_SIM_HISTORIES</c> plays more than usual.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int UsualHistories = 20_000;

    [Fact]
    public void Every_history_keeps_the_bits_the_queue_and_its_word()
    {
        int histories = FromEnvironment("DISTTRAIN_SIM_HISTORIES") ?? UsualHistories;
        var census = new FaultCensus();
        int failing = int.MaxValue;
        var cores = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, histories, cores, (seed, loop) =>
        {
            (FaultCensus one, _, string? violation) = History.Play(seed, Mutation.None);
            lock (census)
            {
                census.Add(one);
                if (violation is not null)
                {
                    failing = Math.Min(failing, seed);
                    loop.Break();
                }
            }
        });
        output.WriteLine(census.ToString());
        if (failing < int.MaxValue)
        {
            Assert.Fail(Replay(failing));
        }
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            census.Of(kind).ShouldBeGreaterThan(histories / 2000, $"{kind} is meant to occur");
        }
        census.ValidationsBetween.ShouldBeGreaterThan(histories / 20);
        census.Overflows.ShouldBeGreaterThan(histories / 20);
        census.BestRestored.ShouldBeGreaterThan(histories / 2000);
        census.HistoriesWithAFinishedJob.ShouldBeGreaterThan(histories * 3 / 4);
        census.JobsFinished.ShouldBeGreaterThan(census.JobsInTheEnd * 3 / 5);
    }

    [SkippableFact]
    public void A_seed_can_be_replayed()
    {
        int? seed = FromEnvironment("DISTTRAIN_SIM_SEED");
        Skip.If(seed is null, "DISTTRAIN_SIM_SEED names no seed to replay");
        string replay = Replay(seed!.Value);
        output.WriteLine(replay);
        replay.ShouldEndWith("everything held");
    }

    [Fact]
    public void A_history_is_a_function_of_its_seed()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Replay(seed).ShouldBe(Replay(seed));
        }
    }

    private static string Replay(int seed)
    {
        (_, IReadOnlyList<string> trace, string? violation) = History.Play(seed, Mutation.None, traced: true);
        return string.Join('\n', trace)
            + $"\nseed {seed}, of which the trace is above: {violation ?? "everything held"}";
    }

    private static int? FromEnvironment(string name)
        => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : null;
}

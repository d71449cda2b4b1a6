using DistTrain.Core.Tests.Simulation.Faults;
using Xunit.Abstractions;

namespace DistTrain.Core.Tests.Simulation;

/// <summary>What the simulator is worth: whatever is broken on purpose, some history finds it.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    private const int Seeds = 1_000;

    public static TheoryData<string> Names => [.. Mutations.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_machine_that(string does)
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            if (History.Play(seed, Mutations.All[does]).Violation is { } violation)
            {
                output.WriteLine($"seed {seed}: {violation}");
                return;
            }
        }
        Assert.Fail($"{Seeds} histories with a machine that {does}, and nothing was noticed");
    }
}

using DistTrain.Cli.Client;
using DistTrain.Core;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Cli.Study;

/// <summary>What <c>disttrain tune</c> was asked to do.</summary>
internal sealed record TuneRequest
{
    private const int MostTrials = 100_000;
    private static readonly string[] Samplers = ["grid", "random", "sobol", "tpe"];
    private static readonly string[] Schedulers = ["none", "asha"];

    public required GivenJob Job { get; init; }
    public required string SpacePath { get; init; }

    /// <summary>grid, random, sobol or tpe.</summary>
    public required string Sampler { get; init; }

    /// <summary>none or asha.</summary>
    public required string Scheduler { get; init; }

    /// <summary>null: as the job's loss suggests.</summary>
    public required string? Metric { get; init; }

    /// <summary>null: <see cref="TrialsByDefault"/>, or all of a grid.</summary>
    public required int? Trials { get; init; }

    public required int TrialsByDefault { get; init; }
    public required int GridPoints { get; init; }
    public required long Seed { get; init; }
    public required int WorkersPerTrial { get; init; }

    /// <summary>"cpu" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>Folder of the search; null: tune/NAME.</summary>
    public required string? Out { get; init; }

    public required bool Json { get; init; }

    /// <summary>The cluster's coordinator; null: this machine.</summary>
    public required ClientSettings? Server { get; init; }

    /// <exception cref="UserFaultException">One line for every value that is out of place.</exception>
    public void Check()
    {
        List<string> problems = [];
        OneOf("--sampler", Sampler, Samplers);
        OneOf("--scheduler", Scheduler, Schedulers);
        Within("--trials", Trials ?? 1, MostTrials);
        Within("--grid-points", GridPoints, 1000);
        Within("--workers", WorkersPerTrial, 1 << 16);
        if (problems.Count > 0)
        {
            throw new UserFaultException(problems);
        }

        void OneOf(string option, string value, string[] known)
        {
            if (!known.Contains(value))
            {
                problems.Add($"{option} {value}: it is one of {string.Join(", ", known)}"
                    + Spelling.Hint(value, known));
            }
        }

        void Within(string option, int value, int most)
        {
            if (value < 1 || value > most)
            {
                problems.Add($"{option} {value}: give a whole number from 1 to {most}");
            }
        }
    }
}

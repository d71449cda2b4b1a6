using DistTrain.Core.Jobs;
using DistTrain.Study.Tuning;
using DistTrain.Study.Tuning.Execution;
using DistTrain.Study.Tuning.Samplers;
using DistTrain.Study.Tuning.Spaces;
using DistTrain.Study.Tuning.Trials;

namespace DistTrain.Study.Tests.Tuning.Execution;

/// <summary>A search over the rate, in a folder of its own that goes with the test.</summary>
internal sealed class Searches : IDisposable, ITuneObserver
{
    public const string Json =
        """{ "epochs": 9, "dataset": { "validation": 100 }, "batch": { "shards": 1 } }""";

    public string Folder { get; } = Directory.CreateTempSubdirectory("disttrain-tune-").FullName;

    public string Space { get; init; } = """{ "learningRate.base": { "log": [0.001, 1] } }""";

    public Func<SearchSpace, ISampler> Sampler { get; init; } =
        space => new RandomSampler(space.Dimensions.Count, 1);

    public bool Halving { get; init; }

    public List<TuneProgress> Progress { get; } = [];

    /// <summary>The least cost, the best rate, is at 0.1; every epoch brings a little.</summary>
    public static double Accuracy(JobSpec job, int epoch)
        => 0.9 - 0.1 * Math.Abs(Math.Log10(job.LearningRate.Base) + 1) + 0.005 * epoch;

    public SearchIdentity Identity(string? json = null)
    {
        JobSpec job = Read(json ?? Json, []);
        return new SearchIdentity(
            job, SpaceReader.Read(Space, "space.json"), "random", Halving ? "asha" : "none",
            "validation-accuracy", 1, 5);
    }

    public async Task<IReadOnlyList<Trial>> RunAsync(
        FakeLauncher launcher, int trials, CancellationToken cancellation = default)
    {
        SearchIdentity identity = Identity();
        using TrialJournal journal = TrialJournal.Open(Folder, identity);
        var plan = new TunePlan
        {
            Space = identity.Space,
            Sampler = Sampler(identity.Space),
            Objective = Objective.Parse(null, identity.Job),
            JobOf = overrides => Read(Json, overrides),
            Trials = trials,
            Halving = Halving,
            WorkersPerTrial = 1,
        };
        return await new TuneExecutor(plan, launcher, journal, this, TimeProvider.System)
            .RunAsync(cancellation);
    }

    public void OnStarted(int counted, int wanted, int slots) { }

    public void OnTrial(Trial trial, TuneProgress progress) => Progress.Add(progress);

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static JobSpec Read(string json, IReadOnlyList<JobOverride> overrides)
        => JobReader.Read(json, "job.json", overrides, 1);
}

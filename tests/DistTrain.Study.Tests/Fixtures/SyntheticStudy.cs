using System.Globalization;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Study.Records;

namespace DistTrain.Study.Tests.Fixtures;

/// <summary>
/// Runs of a workload whose truth is known: S = S_min(1 + B_crit/B) steps to the target at the best rate
/// c·B^p, a loss of accuracy away from that rate, and noise over seeds. All of it follows from the seed.
/// </summary>
internal sealed class SyntheticStudy(int seed = 7, double noise = 0.03)
{
    public const double LeastSteps = 220, CriticalBatch = 900, RateExponent = 0.8, RateAtOne = 0.002;
    public const int Samples = 50_000;
    public const int ReferenceBatch = 64;

    private readonly Random _random = new(seed);
    private readonly List<StudyRun> _runs = [];

    public IReadOnlyList<StudyRun> Runs => _runs;

    public static StudyFrame Frame { get; } = new(
        "mnist-batches", "Up to which batch may we go on MNIST?",
        new TargetSpec(StoppingMetric.ValidationAccuracy, 0.98, Stop: false), ReferenceBatch,
        "disttrain study examples/studies/mnist-batches.json", 0, "2 cores, libtorch on cpu");

    public static double BestRate(int batch) => RateAtOne * Math.Pow(batch, RateExponent);

    /// <summary>A study that has something for every section.</summary>
    public static SyntheticStudy Full()
    {
        var study = new SyntheticStudy();
        int[] batches = [32, 64, 128, 256, 512, 1024, 2048, 4096, 8192];
        double base0 = BestRate(ReferenceBatch);
        foreach (int batch in batches)
        {
            double k = (double)batch / ReferenceBatch;
            foreach (long seed in (long[])[1, 2, 3])
            {
                study.Add(batch, base0, seed, "none");
                study.Add(batch, base0 * Math.Sqrt(k), seed, "sqrt");
                study.Add(batch, base0 * k, seed, "linear");
                study.Add(batch, base0 * k, seed, "linear", warmup: 2);
                foreach (int trial in Enumerable.Range(0, 7))
                {
                    double rate = BestRate(batch) * Math.Pow(2, trial - 3 + 0.4 * Math.Sin(batch));
                    study.Add(batch, rate, seed, "tuned", optimizer: "nesterov", trial: trial);
                }
            }
        }

        foreach (int workers in (int[])[2, 4, 8])
        {
            study.Add(256, base0 * 4, 1, "linear", workers: workers);
            study.Add(2048, base0 * 32, 1, "linear", workers: workers);
        }

        return study;
    }

    /// <summary>Adds one run with the outcome that the truth gives it.</summary>
    public StudyRun Add(
        int batch, double rate, long seed, string rule = "tuned", string optimizer = "sgd", double warmup = 0,
        int workers = 1, int? trial = null, int epochs = 20)
    {
        // How far the rate is from the best one, in factors of e; too large hurts more than too small.
        double off = Math.Log(rate / BestRate(batch));
        double calm = warmup > 0 ? 0.6 : 1;
        bool diverged = off * calm > 1.7;
        double steps = LeastSteps * (1 + CriticalBatch / batch)
            * Math.Exp(0.35 * off * off * calm + noise * Gauss());
        long budget = (long)epochs * Samples / batch;
        double share = Math.Min(1, steps / budget);
        double accuracy = Math.Min(
            0.9995, 0.985 - 0.006 * Math.Pow(share, 3) - 0.002 * off * off * calm + 0.02 * noise * Gauss());
        bool reached = !diverged && steps <= budget && accuracy > 0.9755;
        double trained = accuracy + 0.008 + 0.0004 * Math.Log2(batch) + 0.03 * noise * Gauss();
        double waiting = 1 + 30 * (workers - 1) / (batch + 40.0);
        double speed = 30_000 * workers / waiting * batch / (batch + 20.0);
        double seconds = (double)epochs * Samples / speed;
        StudyRun run = new()
        {
            Id = Id(_runs.Count),
            Model = "mlp 512,256",
            Dataset = "mnist",
            TrainingSamples = Samples,
            Rule = rule,
            Optimizer = optimizer,
            Batch = batch,
            Shards = 8,
            Workers = workers,
            Seed = seed,
            WarmupEpochs = warmup,
            Trial = trial,
            BaseRate = BestRate(ReferenceBatch),
            PeakRate = rate,
            Epochs = epochs,
            Status = diverged ? RunStatus.Failed : RunStatus.Completed,
            Diverged = diverged,
            Reason = diverged ? "step 40: the gradient is not finite" : null,
            Steps = budget,
            Examples = (long)epochs * Samples,
            Train = diverged ? null : new(0.02, Math.Min(1, trained), Samples),
            Validation = diverged ? null : new(0.06, accuracy, 10_000),
            Test = diverged ? null : new(0.06, accuracy - 0.0005, 10_000),
            Best = diverged ? 0.4 : accuracy,
            StepsToTarget = reached ? (long)steps : null,
            ExamplesToTarget = reached ? (long)(steps * batch) : null,
            SecondsToTarget = reached ? steps * batch / speed : null,
            NoiseScale = diverged ? null : 700 * Math.Exp(0.4 * Gauss()),
            Seconds = seconds,
            SamplesPerSecond = speed,
        };
        _runs.Add(run);
        return run;
    }

    private static string Id(int number) => number.ToString("x12", CultureInfo.InvariantCulture);

    /// <summary>Box–Muller.</summary>
    private double Gauss() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()))
        * Math.Cos(2 * Math.PI * _random.NextDouble());
}

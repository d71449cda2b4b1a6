using DistTrain.Core.Coordination;
using DistTrain.Runs.Summaries;

namespace DistTrain.Runs.Tests.Fixtures;

/// <summary>Runs that never happened, with curves as real ones have them; the same on every call.</summary>
internal static class FakeRun
{
    public const string Job = """
        {"name":"mnist-mlp","model":{"preset":"mlp","hidden":[512,256]},"dataset":{"name":"mnist",
        "validation":5000,"standardize":true},"batch":{"global":256,"shards":8},"epochs":12,
        "optimizer":{"name":"sgd","momentum":0.9,"nesterov":true,"weightDecay":0.0001},
        "learningRate":{"base":0.05,"referenceBatch":64,"scaling":"linear",
        "warmupEpochs":1,"schedule":{"name":"cosine"}},"seed":1}
        """;

    public const int StepsPerEpoch = 215;

    /// <param name="epochs">How many.</param>
    /// <param name="overfit">How much validation loss rises per epoch after the fifth.</param>
    public static (List<EpochMetrics> Epochs, List<StepMetrics> Steps) Make(int epochs, double overfit)
    {
        var random = new Random(7);
        var history = new List<EpochMetrics>();
        var steps = new List<StepMetrics>();
        double best = double.MaxValue;
        for (int epoch = 1; epoch <= epochs; epoch++)
        {
            double sum = 0;
            for (int i = 0; i < StepsPerEpoch; i++)
            {
                long step = (epoch - 1L) * StepsPerEpoch + i;
                double t = (double)step / StepsPerEpoch;
                double clean = 2.3 * Math.Exp(-6 * t) + 0.28 * Math.Exp(-0.38 * t) + 0.003;
                double loss = clean * Math.Exp(0.25 * (random.NextDouble() + random.NextDouble() - 1));
                sum += loss;
                steps.Add(new StepMetrics(
                    step, epoch, loss, 1 - loss / 4, Rate(t, epochs), 256, 1.5 * Math.Sqrt(loss), false,
                    TimeSpan.FromMilliseconds(2))
                {
                    Noise = new NoiseEstimate(null, null, 60 * (1 + t), step + 1),
                });
            }

            double train = sum / StepsPerEpoch;
            double valid = 0.065 + 0.11 * Math.Exp(-0.7 * (epoch - 1)) + overfit * Math.Max(0, epoch - 5)
                + 0.003 * random.NextDouble();
            bool improved = valid < best;
            best = Math.Min(best, valid);
            history.Add(new EpochMetrics(
                epoch, (long)epoch * StepsPerEpoch, new(train, 1 - train / 3.3, 55_000),
                new(valid, 0.985 - valid / 6, 5_000), Rate(epoch, epochs),
                    TimeSpan.FromSeconds(0.62 + 0.05 * (epoch % 3)),
                88_000 + 900 * (epoch % 5), improved));
        }

        return (history, steps);
    }

    public static RunSummary Summary(
        IReadOnlyList<EpochMetrics> epochs, RunStatus status = RunStatus.Completed) => new()
        {
            Status = status,
            Epochs = epochs.Count,
            Steps = (long)epochs.Count * StepsPerEpoch,
            Train = epochs.Count > 0 ? epochs[^1].Train : null,
            Validation = epochs.Count > 0 ? epochs[^1].Validation : null,
            Test = epochs.Count > 0 ? new EvaluationMetrics(0.0712, 0.9814, 10_000) : null,
            NoiseScale = epochs.Count > 0 ? 640 : null,
            WeightsSha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            SamplesPerSecond = 88_412.7,
            Seconds = 9.31,
            RunDirectory = "/home/ada/runs/mnist-mlp-3",
        };

    private static double Rate(double epoch, int epochs) => epoch < 1
        ? 0.05 + 0.15 * epoch
        : 0.1 * (1 + Math.Cos(Math.PI * Math.Min(1, (epoch - 1) / Math.Max(1, epochs - 1))));
}

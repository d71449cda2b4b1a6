using System.Diagnostics;
using System.Globalization;
using DistTrain.Compare.Processes;
using DistTrain.Core.Coordination;
using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;
using DistTrain.Core.State;
using DistTrain.Data.Loading;
using DistTrain.Data.Synthetic;
using DistTrain.LibTorch;
using DistTrain.Runtime.Training;

namespace DistTrain.Compare.SingleMachine;

/// <summary>
/// Trains one case in this process as <c>disttrain train</c> would — permutation, gathering and conversion of
/// samples included — and takes the median time from commit to commit.
/// </summary>
internal static class OwnRun
{
    private const int WarmUpSteps = 5;
    private const int BatchesHeld = 8;
    private const int FewestSamples = 4096;

    /// <summary>On random images, as the peer.</summary>
    public static async Task<Measurement> MeasureAsync(Case run)
    {
        int samples = Math.Max(run.Batch * BatchesHeld, FewestSamples);
        using var data = new SyntheticDataset(SampleShape.Image(1, 28, 28), 10, samples, 1);
        return await MeasureAsync(run, data);
    }

    /// <summary>An epoch of real MNIST, for the memory that a real run takes.</summary>
    /// <exception cref="Core.UserFaultException">MNIST is not here.</exception>
    public static async Task<Measurement> MeasureMnistAsync(Case run)
    {
        var mnist = new DatasetSpec
        {
            Name = "mnist",
            Validation = 0,
            Standardize = true,
            Augment = new AugmentSpec(),
        };
        using IDataset data = DatasetLoader.Load(
            mnist, 1, DatasetPlaces.FromEnvironment(), null, CancellationToken.None);
        return await MeasureAsync(run with { Steps = data.Train.Count / run.Batch - WarmUpSteps }, data);
    }

    private static async Task<Measurement> MeasureAsync(Case run, IDataset data)
    {
        using var enough = new CancellationTokenSource();
        var clock = new StepClock(run.Steps + WarmUpSteps, enough);
        await RunAsync(run, data, clock, enough.Token);
        double ms = clock.MedianMs(WarmUpSteps);
        return new Measurement(ms, run.Batch / ms * 1000, PeakMemory.OfThisProcess());
    }

    /// <summary>At least the case's steps, until somebody has had enough.</summary>
    public static async Task RunAsync(
        Case run, IDataset data, IRunObserver observer, CancellationToken enough)
    {
        int stepsPerEpoch = (data.Train.Count + run.Batch - 1) / run.Batch;
        int epochs = (run.Steps + WarmUpSteps + stepsPerEpoch) / stepsPerEpoch;
        JobSpec job = JobReader.Read(
            null, null,
            [
                .. ModelOf(run.Model),
                new JobOverride("batch.global", Text(run.Batch), "batch"),
                new JobOverride("batch.shards", Text(run.Workers), "shards"),
                new JobOverride("dataset.validation", "0", "validation"),
                new JobOverride("learningRate.base", "0.01", "rate"),
                new JobOverride("learningRate.scaling", "none", "scaling"),
                new JobOverride("epochs", Text(epochs), "epochs"),
            ], run.Workers);
        ModelPlan model = ModelPlanner.Plan(job.Model, data.Shape, data.Classes);
        var engine = new LibTorchEngine();
        using var state = new TrainingState(engine.LayoutOf(model), OptimizerFactory.Create(job.Optimizer));
        Initialisation.Fill(state.Layout, job.Seed, state.Parameters);
        var parts = new SessionParts(
            job, data, model, engine, "cpu", run.Workers, state, new TrainingProgress(), null, observer);
        await TrainingSession.RunAsync(parts, TimeProvider.System, enough);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static JobOverride[] ModelOf(string name) => name switch
    {
        "cnn" => [new JobOverride("model.preset", "cnn", "model")],
        "wide" => MlpOf("[4096,4096]"),
        _ => MlpOf("[512,256]"),
    };

    private static JobOverride[] MlpOf(string hidden)
        =>
        [
            new JobOverride("model.preset", "mlp", "model"),
            new JobOverride("model.hidden", hidden, "hidden"),
        ];

    private sealed class StepClock(int steps, CancellationTokenSource enough) : IRunObserver
    {
        private readonly List<long> _commits = new(steps + 1);

        public void OnStep(StepMetrics step)
        {
            _commits.Add(Stopwatch.GetTimestamp());
            if (_commits.Count == steps)
            {
                enough.Cancel();
            }
        }

        public double MedianMs(int warmUp)
        {
            IEnumerable<TimeSpan> gaps = _commits.Skip(warmUp).Zip(
                _commits.Skip(warmUp + 1), (before, after) => Stopwatch.GetElapsedTime(before, after));
            double[] sorted = [.. gaps.Select(gap => gap.TotalMilliseconds).Order()];
            return sorted[sorted.Length / 2];
        }
    }
}

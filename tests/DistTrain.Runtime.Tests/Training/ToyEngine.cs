using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;

namespace DistTrain.Runtime.Tests.Training;

/// <summary>
/// Softmax regression in plain loops, with one buffer element (a running mean of the inputs) and a "dropout"
/// drawn from the seed it is given: enough to show everything a runtime can get wrong, without libtorch.
/// </summary>
internal sealed class ToyEngine(int features, int classes) : IEngine
{
    public string Description => "toy";

    private int Features => features;
    private int Classes => classes;

    /// <summary>Fails the nth gradient, counted over all replicas; 0: none.</summary>
    public int FailAt { get; init; }

    /// <summary>What it fails with.</summary>
    public Func<Exception> Fault { get; init; }
        = () => new RunFaultException("the toy engine was told to fail");

    /// <summary>Called within each gradient, on the thread that computes it.</summary>
    public Action? OnGradient { get; init; }

    /// <summary>Scaled gradients beyond this become infinite, as float16's do beyond 65504.</summary>
    public float Largest { get; init; } = float.MaxValue;

    public void RequirePrecision(Precision precision, string device) { }

    private int _gradients;

    /// <summary>
    /// One matrix, [classes, features], in three tensors: what takes each layer for itself sees two layers
    /// and a bias.
    /// </summary>
    public ParameterLayout LayoutOf(ModelPlan model)
    {
        long weights = (long)features * classes, last = weights - features, upper = last - features;
        return new ParameterLayout(
            [
                new ParameterSlot("upper", [classes - 2, features], ParameterRole.Weight, 0, features),
                new ParameterSlot("lower", [1, features], ParameterRole.Weight, upper, features),
                new ParameterSlot("last", [features], ParameterRole.Bias, last, features),
                new ParameterSlot("mean", [1], ParameterRole.RunningMean, weights, 0),
            ], weights, 1);
    }

    public bool TryReadInitialValues(ModelPlan model, long seed, NativeBuffer<float> parameters) => false;

    public IReplica CreateReplica(ReplicaOptions options, NativeBuffer<float> parameters)
        => new Replica(this, parameters);

    private sealed class Replica(ToyEngine engine, NativeBuffer<float> parameters) : IReplica
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;
        private readonly int _features = engine.Features;
        private readonly int _classes = engine.Classes;

        private readonly float[] _coming = new float[parameters.Length];
        private NativeBuffer<float>? _into;

        public ShardResult ComputeGradient(MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient)
            => throw new InvalidOperationException("the runtime says how a loss is scaled");

        /// <summary>As late as a device may be: the buffer is written when it must be.</summary>
        public void Settle(NativeBuffer<float> gradient)
        {
            if (ReferenceEquals(gradient, _into))
            {
                _coming.CopyTo(gradient.Span);
                _into = null;
            }
        }

        public ShardResult ComputeGradient(
            MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient, double lossFactor)
        {
            if (_into is { } earlier)
            {
                Settle(earlier);
            }
            ShardResult result = Compute(batch, randomSeed, _coming);
            for (int i = 0; i < _coming.Length - 1; i++)
            {
                float scaled = _coming[i] * (float)lossFactor;
                _coming[i] = Math.Abs(scaled) > engine.Largest
                    ? float.PositiveInfinity : scaled / (float)lossFactor;
            }
            _into = gradient;
            gradient.Span.Fill(float.NaN);
            return result;
        }

        private ShardResult Compute(MicroBatch batch, ulong randomSeed, float[] gradient)
        {
            Environment.CurrentManagedThreadId.ShouldBe(_thread);
            if (engine.FailAt > 0 && Interlocked.Increment(ref engine._gradients) == engine.FailAt)
            {
                throw engine.Fault();
            }
            engine.OnGradient?.Invoke();
            Array.Clear(gradient);
            double mean = 0;
            ShardResult result = Run(batch, (sample, probabilities) =>
            {
                ReadOnlySpan<float> x = batch.Inputs.Slice((long)sample * _features, _features);
                mean += x[0];
                for (int c = 0; c < _classes; c++)
                {
                    float error = probabilities[c] - (c == batch.Labels.Span[sample] ? 1 : 0);
                    Span<float> row = gradient.AsSpan(c * _features, _features);
                    for (int f = 0; f < _features; f++)
                    {
                        bool kept = ((randomSeed >> (f % 64)) & 1) == 0;
                        row[f] += kept ? error * x[f] : 0;
                    }
                }
            });
            float old = parameters.Span[^1];
            gradient[^1] = batch.Count * (float)(0.1 * (mean / batch.Count - old));
            return result;
        }

        public ShardResult Evaluate(MicroBatch batch) => Run(batch, (_, _) => { });

        public void RefreshParameters() { }

        public void Dispose() { }

        private ShardResult Run(MicroBatch batch, Action<int, float[]> each)
        {
            double loss = 0;
            int correct = 0;
            for (int sample = 0; sample < batch.Count; sample++)
            {
                ReadOnlySpan<float> x = batch.Inputs.Slice((long)sample * _features, _features);
                var logits = new float[_classes];
                for (int c = 0; c < _classes; c++)
                {
                    ReadOnlySpan<float> row = parameters.Slice((long)c * _features, _features);
                    for (int f = 0; f < _features; f++)
                    {
                        logits[c] += row[f] * x[f];
                    }
                }
                float top = logits.Max();
                float total = logits.Sum(value => MathF.Exp(value - top));
                float[] probabilities = [.. logits.Select(value => MathF.Exp(value - top) / total)];
                int label = (int)batch.Labels.Span[sample];
                loss -= Math.Log(probabilities[label]);
                correct += Array.IndexOf(logits, top) == label ? 1 : 0;
                each(sample, probabilities);
            }
            return new ShardResult(loss, correct, batch.Count);
        }
    }
}

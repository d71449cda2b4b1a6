using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;

namespace DistTrain.Cluster.Tests.Harness;

/// <summary>
/// The preset softmax in plain loops: a real engine for real data, without libtorch. A gate can hold every
/// shard back, so that a test decides what happens in the middle of a step.
/// </summary>
internal sealed class SoftmaxEngine : IEngine
{
    public string Description => "softmax in plain loops";

    /// <summary>Called before each gradient with the number of gradients begun on this engine.</summary>
    public Action<int>? BeforeGradient { get; set; }

    /// <summary>Called before each replica is built.</summary>
    public Action? BeforeReplica { get; set; }

    /// <summary>Gradients begun.</summary>
    public int Gradients => Volatile.Read(ref _gradients);

    private int _gradients;

    public ParameterLayout LayoutOf(ModelPlan model) => model.Layout!;

    public bool TryReadInitialValues(ModelPlan model, long seed, NativeBuffer<float> parameters)
        => false;

    public IReplica CreateReplica(ReplicaOptions options, NativeBuffer<float> parameters)
    {
        BeforeReplica?.Invoke();
        return new Replica(this, options.Model.Input.Length, options.Model.Outputs, parameters);
    }

    private sealed class Replica(SoftmaxEngine engine, int features, int classes, NativeBuffer<float> parameters)
        : IReplica
    {
        private readonly float[] _probabilities = new float[classes];

        public ShardResult ComputeGradient(MicroBatch batch, ulong randomSeed, NativeBuffer<float> gradient)
        {
            int number = Interlocked.Increment(ref engine._gradients);
            engine.BeforeGradient?.Invoke(number);
            Span<float> sums = gradient.Span;
            sums.Clear();
            return Run(batch, gradient);
        }

        public ShardResult Evaluate(MicroBatch batch) => Run(batch, null);

        public void RefreshParameters() { }

        public void Dispose() { }

        private ShardResult Run(MicroBatch batch, NativeBuffer<float>? gradient)
        {
            double loss = 0;
            int correct = 0;
            for (int sample = 0; sample < batch.Count; sample++)
            {
                ReadOnlySpan<float> x = batch.Inputs.Slice((long)sample * features, features);
                int label = (int)batch.Labels.Span[sample];
                correct += Forward(x) == label ? 1 : 0;
                loss -= Math.Log(_probabilities[label]);
                for (int c = 0; gradient is not null && c < classes; c++)
                {
                    float error = _probabilities[c] - (c == label ? 1 : 0);
                    Span<float> row = gradient.Slice((long)c * features, features);
                    for (int f = 0; f < features; f++)
                    {
                        row[f] += error * x[f];
                    }
                    gradient.Span[classes * features + c] += error;
                }
            }
            return new ShardResult(loss, correct, batch.Count);
        }

        private int Forward(ReadOnlySpan<float> x)
        {
            for (int c = 0; c < classes; c++)
            {
                ReadOnlySpan<float> row = parameters.Slice((long)c * features, features);
                float logit = parameters.Span[classes * features + c];
                for (int f = 0; f < features; f++)
                {
                    logit += row[f] * x[f];
                }
                _probabilities[c] = logit;
            }
            float top = _probabilities.Max();
            int best = Array.IndexOf(_probabilities, top);
            float total = 0;
            for (int c = 0; c < classes; c++)
            {
                _probabilities[c] = MathF.Exp(_probabilities[c] - top);
                total += _probabilities[c];
            }
            for (int c = 0; c < classes; c++)
            {
                _probabilities[c] /= total;
            }
            return best;
        }
    }
}

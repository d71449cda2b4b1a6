using System.Runtime.InteropServices;
using System.Text.Json;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Core.Sampling;

namespace DistTrain.LibTorch.Tests.Reference;

/// <summary>
/// A model with parameters and samples, all drawn from a seed, that both the engine and PyTorch are asked
/// about.
/// </summary>
internal sealed class ReferenceCase : IDisposable
{
    public ReferenceCase(ModelSpec spec, SampleShape shape, int outputs, int samples, ulong seed = 1)
    {
        Plan = ModelPlanner.Plan(spec, shape, outputs);
        Layout = Plan.Layout!;
        Parameters = new NativeBuffer<float>(Layout.TotalCount);
        Initialisation.Fill(Layout, (long)seed, Parameters);
        Inputs = Draw(samples * shape.Length, seed + 1, 1.7f);
        var indices = Enumerable.Range(0, samples);
        Labels = [.. indices.Select(i => (long)KeyedRandom.Below(seed + 2, (ulong)i, outputs))];
        Targets = Draw(samples * outputs, seed + 3, 1);
        // Norms away from the identity, so that no wrong term hides behind a one or a zero.
        var norms = Layout.Slots.Where(s => s.Role is not (ParameterRole.Weight or ParameterRole.Bias));
        foreach (var slot in norms)
        {
            float floor = slot.Role is ParameterRole.NormScale or ParameterRole.RunningVariance ? 1.2f : 0;
            var values = Parameters.Slice(slot.Offset, (int)slot.Length);
            Draw(values.Length, seed + 4, 0.5f).CopyTo(values);
            foreach (ref float value in values)
            {
                value += floor;
            }
        }
    }

    public ModelPlan Plan { get; }
    public ParameterLayout Layout { get; }
    public NativeBuffer<float> Parameters { get; }
    public float[] Inputs { get; }
    public long[] Labels { get; }
    public float[] Targets { get; }

    /// <summary>null: class labels, judged by cross-entropy.</summary>
    public LossKind Loss { get; init; } = LossKind.CrossEntropy;
    public double Smoothing { get; init; }
    public bool Regression { get; init; }

    public ReplicaOptions Options => new(Plan, Loss, Smoothing, Engine.Device, 1);

    public MicroBatch Batch(int first, int count)
    {
        var batch = new MicroBatch(count, Plan.Input, Regression ? Plan.Outputs : 0) { Count = count };
        Inputs.AsSpan(first * Plan.Input.Length, count * Plan.Input.Length).CopyTo(batch.Inputs.Span);
        if (Regression)
        {
            Targets.AsSpan(first * Plan.Outputs, count * Plan.Outputs).CopyTo(batch.Targets.Span);
        }
        else
        {
            Labels.AsSpan(first, count).CopyTo(batch.Labels.Span);
        }

        return batch;
    }

    /// <summary>Writes the case for reference.py.</summary>
    public void Write(
        string folder, int batch, int steps, string optimizer, double rate, int shards = 1)
    {
        string json = JsonSerializer.Serialize(new
        {
            layers = Plan.Layers.Select(layer => Describe(layer.Spec)),
            input = Plan.Input.Dimensions,
            outputs = Plan.Outputs,
            loss = Loss.ToString(),
            smoothing = Smoothing,
            batch,
            shards,
            steps,
            optimizer,
            rate,
            slots = Layout.Slots.Select(slot => slot.Name),
        });
        File.WriteAllText(Path.Combine(folder, "case.json"), json);
        Write<float>(folder, "parameters.bin", Parameters.Span);
        Write<float>(folder, "inputs.bin", Inputs);
        if (Regression)
        {
            Write<float>(folder, "targets.bin", Targets);
        }
        else
        {
            Write<long>(folder, "labels.bin", Labels);
        }
    }

    public void Dispose() => Parameters.Dispose();

    private static void Write<T>(string folder, string name, ReadOnlySpan<T> values) where T : unmanaged
        => File.WriteAllBytes(Path.Combine(folder, name), MemoryMarshal.AsBytes(values).ToArray());

    private static float[] Draw(int count, ulong key, float scale)
        => [.. Enumerable.Range(0, count).Select(i => (2 * KeyedRandom.Uniform(key, (ulong)i) - 1) * scale)];

    private static object Describe(LayerSpec spec) => new
    {
        kind = spec.Kind.ToString(),
        @out = spec.Out,
        kernel = spec.Kernel,
        stride = spec.Stride,
        padding = spec.Padding,
        bias = spec.Bias,
        probability = spec.Probability,
        epsilon = spec.Epsilon,
        momentum = spec.Momentum,
        body = spec.Body.Select(Describe),
        shortcut = spec.Shortcut.Select(Describe),
    };
}

using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Runs.Checkpoints;

namespace DistTrain.Runs.Tests.Fixtures;

/// <summary>
/// A model of two layers with batch norm's buffers, and the buffers of an optimizer with two states.
/// </summary>
internal sealed class TinyModel : IDisposable
{
    private readonly NativeBuffer<float> _parameters;
    private readonly NativeBuffer<float> _first;
    private readonly NativeBuffer<float> _second;

    public TinyModel(int rows = 3, string weightName = "0.weight")
    {
        Layout = new ParameterLayout(
            [
                new(weightName, [rows, 2], ParameterRole.Weight, 0, 2),
                new("0.bias", [rows], ParameterRole.Bias, rows * 2, 2),
                new("1.running_mean", [rows], ParameterRole.RunningMean, rows * 3, 0),
            ],
            rows * 3, rows);
        _parameters = new NativeBuffer<float>(Layout.TotalCount);
        _first = new NativeBuffer<float>(Layout.ParameterCount);
        _second = new NativeBuffer<float>(Layout.ParameterCount);
        Tensors = new CheckpointTensors(Layout, _parameters, [("exp_avg", _first), ("exp_avg_sq", _second)]);
    }

    public ParameterLayout Layout { get; }

    public CheckpointTensors Tensors { get; }

    /// <summary>Every number of every buffer, in order.</summary>
    public float[] Values => [.. _parameters.Span, .. _first.Span, .. _second.Span];

    /// <summary>Fills all buffers with numbers that tell their place and the seed.</summary>
    public TinyModel Fill(float seed)
    {
        float next = seed;
        foreach (NativeBuffer<float> buffer in new[] { _parameters, _first, _second })
        {
            foreach (ref float value in buffer.Span)
            {
                value = next += 0.25f;
            }
        }

        return this;
    }

    public void Dispose()
    {
        _parameters.Dispose();
        _first.Dispose();
        _second.Dispose();
    }
}

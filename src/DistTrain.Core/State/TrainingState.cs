using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Core.Optimizers;

namespace DistTrain.Core.State;

/// <summary>
/// The tensors of a run: parameters and buffers in one flat block shared by every replica of the process, and
/// the optimizer's state.
/// </summary>
public sealed class TrainingState : IDisposable
{
    public TrainingState(ParameterLayout layout, IOptimizer optimizer)
    {
        Layout = layout;
        Optimizer = optimizer;
        Parameters = new NativeBuffer<float>(layout.TotalCount);
        OptimizerState =
            [.. optimizer.StateNames.Select(_ => new NativeBuffer<float>(layout.ParameterCount))];
    }

    public ParameterLayout Layout { get; }

    public IOptimizer Optimizer { get; }

    /// <summary>[TotalCount]: written only between steps.</summary>
    public NativeBuffer<float> Parameters { get; }

    /// <summary>One block of [ParameterCount] per name of the optimizer's state.</summary>
    public IReadOnlyList<NativeBuffer<float>> OptimizerState { get; }

    public void Dispose()
    {
        Parameters.Dispose();
        foreach (NativeBuffer<float> buffer in OptimizerState)
        {
            buffer.Dispose();
        }
    }
}

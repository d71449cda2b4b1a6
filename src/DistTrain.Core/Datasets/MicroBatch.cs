using DistTrain.Core.Memory;

namespace DistTrain.Core.Datasets;

/// <summary>The samples one forward pass works on, in buffers that a worker fills again and again.</summary>
public sealed class MicroBatch : IDisposable
{
    /// <param name="capacity">Most samples it will hold.</param>
    /// <param name="shape">Shape of one sample.</param>
    /// <param name="targets">Numbers per sample for regression; 0: class labels.</param>
    public MicroBatch(int capacity, SampleShape shape, int targets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        Capacity = capacity;
        Shape = shape;
        TargetCount = targets;
        Inputs = new NativeBuffer<float>((long)capacity * shape.Length);
        Labels = new NativeBuffer<long>(targets == 0 ? capacity : 0);
        Targets = new NativeBuffer<float>((long)capacity * targets);
    }

    public int Capacity { get; }
    public SampleShape Shape { get; }
    public int TargetCount { get; }

    /// <summary>Samples held now.</summary>
    public int Count { get; set; }

    /// <summary>[Capacity, …Shape], row-major.</summary>
    public NativeBuffer<float> Inputs { get; }

    /// <summary>[Capacity] class indices; empty for regression.</summary>
    public NativeBuffer<long> Labels { get; }

    /// <summary>[Capacity, TargetCount]; empty for classification.</summary>
    public NativeBuffer<float> Targets { get; }

    public void Dispose()
    {
        Inputs.Dispose();
        Labels.Dispose();
        Targets.Dispose();
    }
}

namespace DistTrain.Benchmarks;

/// <summary>
/// The bytes a kernel must move per element, reads and writes counted once each: what its rate is reckoned
/// by. A cache line that is read only to be overwritten is traffic of the machine's making and not counted.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TrafficAttribute(int bytesPerElement) : Attribute
{
    public int BytesPerElement { get; } = bytesPerElement;
}

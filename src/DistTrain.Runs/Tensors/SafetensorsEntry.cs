namespace DistTrain.Runs.Tensors;

/// <summary>One tensor of a safetensors file, as its header describes it; sizes have been checked.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">Element type in the format's words: F32, I64, BF16, …</param>
/// <param name="Shape">Dimensions, outermost first; none: a scalar.</param>
/// <param name="Offset">First byte, counted from the start of the data section.</param>
/// <param name="ByteLength">Size in bytes: the elements of the shape times the type's size.</param>
public sealed record SafetensorsEntry(
    string Name, string Type, IReadOnlyList<long> Shape, long Offset, long ByteLength)
{
    /// <summary>Shape in the form people write it, e.g. [128, 784].</summary>
    public string ShapeText => "[" + string.Join(", ", Shape) + "]";

    /// <summary>Bytes of one element; 0 for a type that the format does not know.</summary>
    internal static int ElementSize(string type) => type switch
    {
        "BOOL" or "U8" or "I8" or "F8_E5M2" or "F8_E4M3" or "F8_E8M0" => 1,
        "I16" or "U16" or "F16" or "BF16" => 2,
        "I32" or "U32" or "F32" => 4,
        "I64" or "U64" or "F64" or "C64" => 8,
        _ => 0,
    };
}

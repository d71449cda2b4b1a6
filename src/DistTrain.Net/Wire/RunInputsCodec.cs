using DistTrain.Core.Cluster;
using static DistTrain.Net.Wire.WireLimits;

namespace DistTrain.Net.Wire;

/// <summary>A run's job and files, and the pieces files travel in.</summary>
internal static class RunInputsCodec
{
    public static Proto.PrepareRun ToWire(PrepareRun message)
    {
        var wire = new Proto.PrepareRun
        {
            Run = WireCodec.Run(message.Run),
            JobJson = message.JobJson,
            DatasetHash = message.Inputs.DatasetHash,
            ModelFile = message.Inputs.ModelFile is null ? null : ToWire(message.Inputs.ModelFile),
        };
        foreach (var file in message.Inputs.DatasetFiles)
        {
            wire.DatasetFiles.Add(ToWire(file));
        }
        return wire;
    }

    public static PrepareRun FromWire(Proto.PrepareRun wire)
    {
        Between(0, InputFiles, wire.DatasetFiles.Count);
        return new PrepareRun(
            WireCodec.Run(wire.Run),
            Job(wire.JobJson),
            new RunInputs(
                Sha256(wire.DatasetHash),
                [.. wire.DatasetFiles.Select(FromWire)],
                wire.ModelFile is null ? null : FromWire(wire.ModelFile)));
    }

    public static FilePieceRequest FromWire(Proto.FilePieceRequest wire)
        => new(Sha256(wire.Sha256), AtLeast(0, wire.Offset), Between(1, PieceBytes, wire.Bytes));

    public static FilePiece FromWire(Proto.FilePiece wire)
        => new(Sha256(wire.Sha256), AtLeast(0, wire.Offset));

    private static Proto.InputFile ToWire(InputFile file)
        => new() { Name = file.Name, Bytes = file.Bytes, Sha256 = file.Sha256 };

    private static InputFile FromWire(Proto.InputFile wire)
        => new(Name(wire.Name), AtLeast(0, wire.Bytes), Sha256(wire.Sha256));
}

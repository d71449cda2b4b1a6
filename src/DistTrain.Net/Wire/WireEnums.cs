using DistTrain.Core.Coordination;

namespace DistTrain.Net.Wire;

/// <summary>
/// Enums by name and not by number: the program's own may be reordered, the protocol's may not.
/// </summary>
internal static class WireEnums
{
    public static Proto.DataSplit ToWire(DataSplit split) => split switch
    {
        DataSplit.Train => Proto.DataSplit.Train,
        DataSplit.Validation => Proto.DataSplit.Validation,
        DataSplit.Test => Proto.DataSplit.Test,
        _ => throw new ArgumentOutOfRangeException(nameof(split), split, "unknown split"),
    };

    public static DataSplit FromWire(Proto.DataSplit split) => split switch
    {
        Proto.DataSplit.Train => DataSplit.Train,
        Proto.DataSplit.Validation => DataSplit.Validation,
        Proto.DataSplit.Test => DataSplit.Test,
        _ => throw new ProtocolFaultException($"a control message is not valid: split is {(int)split}"),
    };

    public static Proto.RunStatus ToWire(RunStatus status) => status switch
    {
        RunStatus.Completed => Proto.RunStatus.Completed,
        RunStatus.StoppedEarly => Proto.RunStatus.StoppedEarly,
        RunStatus.Interrupted => Proto.RunStatus.Interrupted,
        RunStatus.Failed => Proto.RunStatus.Failed,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "unknown status"),
    };

    public static RunStatus FromWire(Proto.RunStatus status) => status switch
    {
        Proto.RunStatus.Completed => RunStatus.Completed,
        Proto.RunStatus.StoppedEarly => RunStatus.StoppedEarly,
        Proto.RunStatus.Interrupted => RunStatus.Interrupted,
        Proto.RunStatus.Failed => RunStatus.Failed,
        _ => throw new ProtocolFaultException($"a control message is not valid: status is {(int)status}"),
    };
}

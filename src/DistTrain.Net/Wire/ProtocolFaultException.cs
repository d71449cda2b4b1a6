using DistTrain.Core;

namespace DistTrain.Net.Wire;

/// <summary>
/// The other end sent what the protocol does not allow. Ends the link; the message is the reason that is told
/// to the handler and, in the close frame, to the other end.
/// </summary>
public sealed class ProtocolFaultException(string message, Exception? inner = null)
    : DistTrainException(message, inner);

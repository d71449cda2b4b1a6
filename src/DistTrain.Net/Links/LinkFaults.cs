using DistTrain.Core;

namespace DistTrain.Net.Links;

/// <summary>
/// The other end was reached and will not have this one, or this one will not have it: another protocol
/// version, another token, a certificate that does not hold. The message says what would be right.
/// </summary>
/// <param name="isPermanent">Trying again cannot help before someone changes something.</param>
public sealed class LinkRefusedException(string reason, bool isPermanent, Exception? inner = null)
    : DistTrainException(reason, inner)
{
    public bool IsPermanent { get; } = isPermanent;
}

/// <summary>
/// The other end was not reached, or was lost before the handshake was through: trying again may help.
/// </summary>
public sealed class LinkUnreachableException(string message, Exception? inner = null)
    : DistTrainException(message, inner);

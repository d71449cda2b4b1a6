namespace DistTrain.Data.Downloads;

/// <summary>One attempt at one mirror failed.</summary>
/// <param name="message">Why, without the address.</param>
/// <param name="isPassing">True: the same request may succeed later. False: only another mirror can
/// help.</param>
internal sealed class DownloadFault(string message, bool isPassing, Exception? inner = null)
    : Exception(message, inner)
{
    public bool IsPassing { get; } = isPassing;
}

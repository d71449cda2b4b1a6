namespace DistTrain.Build;

/// <summary>Ends the build program with one clear line.</summary>
/// <param name="message">What, where, and what would be right.</param>
/// <param name="exitCode">2: a wrong call or an incomplete machine; else the failing tool's code.</param>
internal sealed class FaultException(string message, int exitCode = 2) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}

namespace DistTrain.Core;

/// <summary>The root of every fault the program reports in one clear line instead of a stack trace.</summary>
public abstract class DistTrainException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// What the user gave is wrong: a job, a file, a flag. The message says what, where, and what would be right.
/// Ends with exit code 2.
/// </summary>
public sealed class UserFaultException(IReadOnlyList<string> problems, Exception? inner = null)
    : DistTrainException(string.Join(Environment.NewLine, problems), inner)
{
    public UserFaultException(string problem, Exception? inner = null) : this([problem], inner) { }

    /// <summary>Every problem found, one line each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}

/// <summary>
/// The run itself failed through no fault of its input: the disk filled, training diverged, the engine
/// reported an error. Ends with exit code 1.
/// </summary>
public sealed class RunFaultException(string message, Exception? inner = null)
    : DistTrainException(message, inner);

/// <summary>
/// The device that a worker computes on answers no more: it fell off its bus, its memory is broken, a kernel
/// killed what the process had there. Other devices compute the same shards to the same bits, so it costs the
/// worker and not the run; its process ends with exit code 1, for it cannot use the device again.
/// </summary>
public sealed class DeviceFaultException(string message) : DistTrainException(message);

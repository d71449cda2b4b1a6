namespace DistTrain.Core.Jobs;

/// <summary>
/// One value from the command line that replaces what the job file says. It names itself in every complaint.
/// </summary>
/// <param name="Path">A field or a section of the job: "learningRate.base".</param>
/// <param name="Value">JSON, or bare text: <c>0.1</c>, <c>cosine</c>, <c>512,256</c>, <c>null</c>.</param>
/// <param name="Source">What the user typed, for messages: "--lr".</param>
/// <param name="IsDocument">The value is a file's text: it must be JSON, and messages give its lines.</param>
public sealed record JobOverride(string Path, string Value, string Source, bool IsDocument = false)
{
    /// <summary>The argument of <c>--set path=value</c>.</summary>
    /// <exception cref="UserFaultException">There is no "=" in it, or nothing before it.</exception>
    public static JobOverride Set(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
            throw new UserFaultException($"--set {assignment}: write it as path=value, such as epochs=10");
        string path = assignment[..equals].Trim();
        return new JobOverride(path, assignment[(equals + 1)..], $"--set {assignment}");
    }
}

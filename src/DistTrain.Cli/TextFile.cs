using DistTrain.Core;

namespace DistTrain.Cli;

/// <summary>Small text files that the user names.</summary>
internal static class TextFile
{
    private const long MaxBytes = 1 << 20;

    /// <param name="path">As typed.</param>
    /// <param name="what">What it should be, for messages: "job file".</param>
    /// <exception cref="UserFaultException">It is missing, unreadable or absurdly large.</exception>
    public static string Read(string path, string what)
    {
        try
        {
            var info = new FileInfo(path);
            if (info.Exists && info.Length > MaxBytes)
            {
                throw new UserFaultException(
                    $"{path}: {info.Length:N0} bytes are no {what}; {MaxBytes:N0} are the most");
            }
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserFaultException($"{path}: there is no such {what}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{path}: the {what} cannot be read: {e.Message}", e);
        }
    }
}

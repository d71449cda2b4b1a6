namespace DistTrain.Runs.Storage;

/// <summary>
/// Files that are either whole or absent. The content is written aside (<c>PATH.tmp</c>), flushed to the
/// disk, and renamed over the old file; a crash, a full disk or a kill at any point leaves the old file as it
/// was.
/// </summary>
public static class AtomicFile
{
    public const string TemporarySuffix = ".tmp";

    /// <summary>Replaces <paramref name="path"/> with what <paramref name="write"/> writes.</summary>
    /// <exception cref="IOException">It cannot be written; the previous file is untouched, nothing is left
    /// aside.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written; likewise.</exception>
    public static void Replace(string path, Action<Stream> write)
    {
        string temporary = path + TemporarySuffix;
        try
        {
            using (var stream = new FileStream(
                temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            DeleteQuietly(temporary);
            throw;
        }

        Posix.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Replaces a small text file (UTF-8, no mark).</summary>
    /// <exception cref="Core.RunFaultException">It cannot be written; the message names the file.</exception>
    public static void ReplaceText(string path, string text)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(text);
        try
        {
            Replace(path, stream => stream.Write(bytes));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, e);
        }
    }

    /// <summary>
    /// Gives an existing whole file a second name, by link where possible and else by copy.
    /// </summary>
    public static void Duplicate(string source, string path)
    {
        string temporary = path + TemporarySuffix;
        DeleteQuietly(temporary);
        if (Posix.TryLink(source, temporary))
        {
            File.Move(temporary, path, overwrite: true);

            // Renaming one name of a file over another name of the same file does nothing, and leaves both.
            DeleteQuietly(temporary);
            Posix.FlushDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return;
        }

        Replace(path, target =>
        {
            using FileStream from = File.OpenRead(source);
            from.CopyTo(target, 1 << 20);
        });
    }

    /// <summary>Deletes a file if that can be done; a file that stays is no fault.</summary>
    public static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What is left aside is overwritten by the next attempt.
        }
    }

    internal static Core.RunFaultException Fault(string path, Exception e)
        => new($"{path} could not be written: {Reason(e)}", e);

    /// <summary>The system's words, on one line and without the path that the message names anyway.</summary>
    internal static string Reason(Exception e)
    {
        string text = e.Message.ReplaceLineEndings(" ");
        int path = text.IndexOf(" : '", StringComparison.Ordinal);
        return (path > 0 ? text[..path] : text).TrimEnd('.', ' ');
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using DistTrain.Core;

namespace DistTrain.Study.Records;

/// <summary>
/// A file of one JSON object a line that only ever grows: what was appended is on the disk before anything
/// else happens. A line that a crash tore off is dropped when the file is opened again. One process at a time
/// has it open.
/// </summary>
public sealed class JsonLines<T> : IDisposable
{
    private const int LongestLine = 1 << 20;

    private readonly FileStream _file;
    private readonly FileStream _claim;
    private readonly string _path;
    private readonly JsonTypeInfo<T> _type;
    private readonly List<T> _items;

    private JsonLines(FileStream claim, FileStream file, string path, JsonTypeInfo<T> type, List<T> items)
        => (_claim, _file, _path, _type, _items) = (claim, file, path, type, items);

    /// <summary>What the file holds, in the order it was appended.</summary>
    public IReadOnlyList<T> Items => _items;

    /// <summary>Opens the file, or makes it.</summary>
    /// <param name="path">Its folder exists.</param>
    /// <param name="type">How a line is written and read.</param>
    /// <param name="notice">Is told of a torn line that was dropped.</param>
    /// <exception cref="UserFaultException">A line before the last is not what it should be, or another
    /// process is at work on the file.</exception>
    public static JsonLines<T> Open(string path, JsonTypeInfo<T> type, Action<string> notice)
    {
        FileStream claim = Claim(path);
        FileStream? file = null;
        try
        {
            file = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
            var content = new byte[file.Length];
            file.ReadExactly(content);
            List<T> items = Parse(content, path, type, out int whole);
            if (whole < content.Length)
            {
                notice($"{path}: the last line was torn off and is dropped; its run is made again");
                file.SetLength(whole);
            }

            file.Position = whole;
            return new JsonLines<T>(claim, file, path, type, items);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Close();
            throw new UserFaultException($"{path} cannot be opened: {e.Message}", e);
        }
        catch
        {
            Close();
            throw;
        }

        void Close()
        {
            file?.Dispose();
            claim.Dispose();
        }
    }

    /// <summary>Everything in a file that nobody need have open for writing; a torn last line is left
    /// out.</summary>
    /// <exception cref="UserFaultException">It is missing, or a line is not what it should be.</exception>
    public static IReadOnlyList<T> Read(string path, JsonTypeInfo<T> type)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var content = new byte[file.Length];
            file.ReadExactly(content);
            return Parse(content, path, type, out _);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Appends lines, and returns when they are on the disk.</summary>
    /// <exception cref="RunFaultException">They cannot be written; the file is as it was.</exception>
    public void Append(params IReadOnlyList<T> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var text = new StringBuilder();
        foreach (T item in items)
        {
            text.Append(JsonSerializer.Serialize(item, _type)).Append('\n');
        }

        long before = _file.Position;
        try
        {
            _file.Write(Encoding.UTF8.GetBytes(text.ToString()));
            _file.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            _file.SetLength(before);
            _file.Position = before;
            throw new RunFaultException($"{_path} could not be written: {e.Message}", e);
        }

        _items.AddRange(items);
    }

    public void Dispose()
    {
        _file.Dispose();
        _claim.Dispose();
    }

    /// <summary>
    /// A file beside it that one process at a time can have: the journal itself must stay readable for those
    /// who only look. The system lets go of it however the process ends.
    /// </summary>
    private static FileStream Claim(string path)
    {
        try
        {
            return new FileStream(
                path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException(
                $"{path} cannot be opened; is another process at work on it? {e.Message}", e);
        }
    }

    private static List<T> Parse(byte[] content, string path, JsonTypeInfo<T> type, out int whole)
    {
        List<T> items = [];
        whole = 0;
        for (int line = 1; whole < content.Length; line++)
        {
            int length = content.AsSpan(whole).IndexOf((byte)'\n');
            if (length < 0)
            {
                break;
            }

            try
            {
                items.Add(length <= LongestLine
                    && JsonSerializer.Deserialize(content.AsSpan(whole, length), type) is { } item
                        ? item : throw new JsonException("it is no such record"));
            }
            catch (JsonException e)
            {
                throw new UserFaultException(
                    $"{path}:{line}: the line is damaged: {e.Message}; bring the file back, or take the line "
                    + "out to have its run made again", e);
            }

            whole += length + 1;
        }

        return items;
    }
}

using System.Buffers;
using System.Text.Json;
using DistTrain.Api;
using DistTrain.Api.Json;
using DistTrain.Core;

namespace DistTrain.Cluster.Store;

/// <summary>
/// events.jsonl: one event a line, in the JSON of the API. What a crash tore at its end is dropped; a line
/// that is damaged while whole ones follow it was not torn by a crash, and is a fault.
/// </summary>
internal sealed class EventFile : IDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _lines = new(1 << 12);

    private EventFile(string path, FileStream file, long length) => (_path, _file, Length) = (path, file, length);

    /// <summary>Bytes that are whole lines.</summary>
    public long Length { get; private set; }

    /// <summary>Opens the file for appending after its last whole line.</summary>
    /// <exception cref="RunFaultException">It cannot be written.</exception>
    public static EventFile Append(string path, long length)
    {
        try
        {
            var file = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            if (file.Length != length)
            {
                file.SetLength(length);
            }

            return new EventFile(path, file, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, e);
        }
    }

    /// <summary>Looks through a file, which may be absent.</summary>
    /// <exception cref="UserFaultException">It is damaged other than at its end, or cannot be
    /// read.</exception>
    public static EventFileContent Inspect(string path)
    {
        var content = new EventFileContent(Length: 0, Highest: 0, IsFinished: false);
        long number = 0;
        long? torn = null;
        try
        {
            foreach (byte[] line in Lines(path, long.MaxValue))
            {
                number++;
                if (Parse(line) is not { } happened)
                {
                    torn ??= number;
                }
                else if (torn is { } at)
                {
                    throw new UserFaultException(
                        $"{path}:{at}: the line is damaged, and whole ones follow it; restore the file from a "
                        + "backup, or take that line out");
                }
                else
                {
                    content = new EventFileContent(
                        content.Length + line.Length, Math.Max(content.Highest, happened.Sequence),
                        happened.Result is not null);
                }
            }
        }
        catch (FileNotFoundException)
        {
            return content;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{path} cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }

        return content;
    }

    /// <summary>The events in the first <paramref name="length"/> bytes, which must be whole lines.</summary>
    /// <exception cref="IOException">They cannot be read.</exception>
    public static IEnumerable<JobEvent> Read(string path, long length)
        => length == 0 ? [] : Lines(path, length).Select(line => ApiJson.Read<JobEvent>(line));

    /// <summary>
    /// Appends whole lines. What a failed attempt has left behind the last whole line is written over.
    /// </summary>
    /// <param name="events">In order.</param>
    /// <param name="durably">They are on the disk, and not only with the system, when this returns.</param>
    /// <exception cref="RunFaultException">They cannot be written; none of them counts.</exception>
    public void Write(IReadOnlyList<JobEvent> events, bool durably)
    {
        _lines.ResetWrittenCount();
        foreach (JobEvent happened in events)
        {
            _lines.Write(ApiJson.Write(happened));
            _lines.Write("\n"u8);
        }

        try
        {
            _file.Position = Length;
            _file.Write(_lines.WrittenSpan);
            _file.Flush(flushToDisk: durably);
            Length += _lines.WrittenCount;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault(_path, e);
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>null: it is not whole.</summary>
    private static JobEvent? Parse(byte[] line)
    {
        try
        {
            return line[^1] == (byte)'\n' ? ApiJson.Read<JobEvent>(line) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Lines with their line feed; the last one may lack it.</summary>
    private static IEnumerable<byte[]> Lines(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        var line = new ArrayBufferWriter<byte>(512);
        for (long at = 0; at < length && file.ReadByte() is var value and >= 0; at++)
        {
            line.GetSpan(1)[0] = (byte)value;
            line.Advance(1);
            if (value == '\n')
            {
                yield return line.WrittenSpan.ToArray();
                line.ResetWrittenCount();
            }
        }

        if (line.WrittenCount > 0)
        {
            yield return line.WrittenSpan.ToArray();
        }
    }

    private static RunFaultException Fault(string path, Exception e)
        => new($"{path} could not be written: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}", e);
}

/// <param name="Length">Bytes of its whole lines.</param>
/// <param name="Highest">The highest sequence in it; 0: none.</param>
/// <param name="IsFinished">Its last event is a job's result.</param>
internal readonly record struct EventFileContent(long Length, long Highest, bool IsFinished);

using System.Buffers.Binary;
using System.IO.Compression;
using DistTrain.Core;

namespace DistTrain.Data.Files;

/// <summary>
/// A file that may be gzipped, read by exact amounts. A file can claim any size in its header; nothing here
/// is allocated for a claim the file cannot keep: a plain file must have exactly the claimed length, and a
/// gzipped one at least a 1,032nd of it, the most that deflate can pack. At most one byte beyond the claim is
/// unpacked.
/// </summary>
internal sealed class PackedFile : IDisposable
{
    /// <summary>Deflate's greatest ratio: one bit per 258-byte match and one per distance (RFC 1951,
    /// 3.2.5).</summary>
    private const long MaxRatio = 1032;

    private readonly FileStream _file;
    private readonly Stream _stream;
    private readonly long _bytesOnDisk;
    private readonly bool _packed;
    private long _read;

    private PackedFile(string path)
    {
        Path = path;
        try
        {
            _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16,
                FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{path}: cannot be opened: {e.Message}", e);
        }

        _bytesOnDisk = _file.Length;
        _packed = _file.ReadByte() == 0x1F && _file.ReadByte() == 0x8B;
        _file.Position = 0;
        _stream = _packed ? new GZipStream(_file, CompressionMode.Decompress) : _file;
    }

    public string Path { get; }

    /// <exception cref="UserFaultException">The file is missing or may not be read.</exception>
    public static PackedFile Open(string path) => new(path);

    /// <summary>Fills the span, or names the place where the file ends or is damaged.</summary>
    public void ReadExactly(Span<byte> destination, string what)
    {
        int held = ReadSome(destination);
        if (held < destination.Length)
        {
            throw Fault(
                $"ends after {_read} bytes, inside {what}; {_read - held + destination.Length} are needed");
        }
    }

    /// <summary>Reads the <paramref name="length"/> bytes that must be the whole rest of the file.</summary>
    /// <param name="length">As the header claims.</param>
    /// <param name="what">What the bytes are, for the message.</param>
    public byte[] ReadRest(long length, string what)
    {
        if (length > Array.MaxLength)
        {
            throw Fault($"claims {length} bytes of {what}; at most {Array.MaxLength} can be read");
        }

        long most = _packed ? _bytesOnDisk * MaxRatio : _bytesOnDisk;
        if (_read + length > most)
        {
            throw Fault($"claims {_read + length} bytes, more than a file of {_bytesOnDisk} bytes can hold"
                + "; it is truncated or its header is damaged");
        }

        if (!_packed && _read + length < _bytesOnDisk)
        {
            throw Fault($"has {_bytesOnDisk} bytes, but its header claims {_read + length}");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)length);
        ReadExactly(bytes, what);
        Span<byte> beyond = stackalloc byte[1];
        if (ReadSome(beyond) > 0)
        {
            throw Fault($"goes on after the {_read - 1} bytes its header claims");
        }

        if (_packed && LengthInTrailer() != (uint)_read)
        {
            throw Fault(
                "is truncated or damaged: it does not end with the length of its content, as gzip does");
        }

        return bytes;
    }

    /// <summary>
    /// The last four bytes: the unpacked length modulo 2³² (RFC 1952, 2.3.1). The decompressor does not
    /// notice when a file is cut inside its eight-byte trailer, with all data there but the checksum gone.
    /// </summary>
    private uint LengthInTrailer()
    {
        Span<byte> trailer = stackalloc byte[4];
        _file.Position = _bytesOnDisk - trailer.Length;
        _file.ReadExactly(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer);
    }

    /// <summary>A fault of this file, in one line.</summary>
    public UserFaultException Fault(string problem, Exception? inner = null)
        => new($"{Path}: {problem}", inner);

    public void Dispose() => _stream.Dispose();

    private int ReadSome(Span<byte> destination)
    {
        try
        {
            int held = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            _read += held;
            return held;
        }
        catch (InvalidDataException e)
        {
            throw Fault($"is damaged gzip data (found after {_read} unpacked bytes): {e.Message}", e);
        }
        catch (IOException e)
        {
            throw Fault($"cannot be read: {e.Message}", e);
        }
    }
}

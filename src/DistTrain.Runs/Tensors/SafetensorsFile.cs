using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DistTrain.Core;
using DistTrain.Core.Memory;
using DistTrain.Runs.Storage;

namespace DistTrain.Runs.Tensors;

/// <summary>
/// An open safetensors file: its header has been checked against its length, its tensors are read on demand
/// and straight into native memory. Every fault is a <see cref="UserFaultException"/> of one line that names
/// the file.
/// </summary>
public sealed class SafetensorsFile : IDisposable
{
    private const int ChunkBytes = 1 << 22;

    private readonly Stream _stream;
    private readonly long _dataStart;
    private readonly Dictionary<string, SafetensorsEntry> _byName;

    private SafetensorsFile(Stream stream, string path, SafetensorsHeader header, long dataStart)
    {
        (_stream, FilePath, _dataStart) = (stream, path, dataStart);
        (Metadata, Tensors) = (header.Metadata, header.Tensors);
        _byName = Tensors.ToDictionary(entry => entry.Name, StringComparer.Ordinal);
    }

    /// <summary>As given when it was opened.</summary>
    public string FilePath { get; }

    /// <summary>Free text by key; empty where the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>In the order of their data.</summary>
    public IReadOnlyList<SafetensorsEntry> Tensors { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="UserFaultException">It is missing, unreadable, or not sound.</exception>
    public static SafetensorsFile Open(string path)
    {
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{path} cannot be opened: {AtomicFile.Reason(e)}", e);
        }

        return Open(stream, path);
    }

    /// <summary>Opens a seekable stream, which this object then owns.</summary>
    /// <param name="stream">Holds one file from its first byte to its last.</param>
    /// <param name="path">What messages call it.</param>
    /// <exception cref="UserFaultException">It is not sound.</exception>
    public static SafetensorsFile Open(Stream stream, string path)
    {
        try
        {
            long length = stream.Length;
            Span<byte> prefix = stackalloc byte[sizeof(ulong)];
            if (length < prefix.Length)
            {
                throw new FormatException($"it has {length} bytes, fewer than the 8 of a header's length");
            }

            stream.Position = 0;
            stream.ReadExactly(prefix);
            ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
            long room = Math.Min(length - prefix.Length, SafetensorsHeader.LargestHeader);
            if (headerLength > (ulong)room)
            {
                throw new FormatException(
                    $"its header claims {headerLength} bytes where at most {room} can be");
            }

            byte[] json = new byte[(int)headerLength];
            stream.ReadExactly(json);
            long dataStart = prefix.Length + json.Length;
            return new SafetensorsFile(
                stream, path, SafetensorsHeader.Parse(json, length - dataStart), dataStart);
        }
        catch (Exception e) when (e is FormatException or IOException)
        {
            stream.Dispose();
            throw new UserFaultException(
                $"{path} is not a sound safetensors file: {AtomicFile.Reason(e)}", e);
        }
    }

    /// <summary>The tensor of that name; null if the file has none.</summary>
    public SafetensorsEntry? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// Fills <paramref name="target"/> from <paramref name="offset"/> on with an F32 tensor.
    /// </summary>
    public void Read(SafetensorsEntry entry, NativeBuffer<float> target, long offset = 0)
        => ReadAs(entry, "F32", target, offset);

    /// <summary>
    /// Fills <paramref name="target"/> from <paramref name="offset"/> on with an I64 tensor.
    /// </summary>
    public void Read(SafetensorsEntry entry, NativeBuffer<long> target, long offset = 0)
        => ReadAs(entry, "I64", target, offset);

    /// <summary>SHA-256 over the data section, lower-case hex.</summary>
    public string HashData()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[Math.Min(ChunkBytes, Math.Max(1, _stream.Length - _dataStart))];
        try
        {
            _stream.Position = _dataStart;
            for (int read = _stream.Read(chunk); read > 0; read = _stream.Read(chunk))
            {
                hash.AppendData(chunk, 0, read);
            }
        }
        catch (IOException e)
        {
            throw new UserFaultException($"{FilePath} cannot be read: {AtomicFile.Reason(e)}", e);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public void Dispose() => _stream.Dispose();

    private void ReadAs<T>(SafetensorsEntry entry, string type, NativeBuffer<T> target, long offset)
        where T : unmanaged
    {
        if (!string.Equals(entry.Type, type, StringComparison.Ordinal))
        {
            throw new UserFaultException(
                $"{FilePath}: tensor '{entry.Name}' holds {entry.Type} numbers; {type} is needed");
        }

        long length = entry.ByteLength / Marshal.SizeOf<T>();
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, target.Length - offset);
        try
        {
            _stream.Position = _dataStart + entry.Offset;
            for (long done = 0; done < length;)
            {
                int count = (int)Math.Min(length - done, ChunkBytes);
                _stream.ReadExactly(MemoryMarshal.AsBytes(target.Slice(offset + done, count)));
                done += count;
            }
        }
        catch (IOException e)
        {
            throw new UserFaultException(
                $"{FilePath}: tensor '{entry.Name}' cannot be read: {AtomicFile.Reason(e)}", e);
        }
    }
}

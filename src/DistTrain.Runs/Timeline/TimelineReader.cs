using DistTrain.Core;
using DistTrain.Runs.Storage;

namespace DistTrain.Runs.Timeline;

/// <summary>Reads timeline.bin, of a run that is over or of one that is at work.</summary>
public static class TimelineReader
{
    private const int MostBytes = 1 << 28;

    /// <summary>The timeline in a run's folder; null: it has none, as runs of older programs.</summary>
    /// <exception cref="UserFaultException">It cannot be read, or is no timeline.</exception>
    public static TimelineRecord? Read(RunDirectory run)
    {
        if (!File.Exists(run.TimelinePath))
        {
            return null;
        }

        try
        {
            using var file = new FileStream(
                run.TimelinePath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return Read(file, run.TimelinePath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{run.TimelinePath} cannot be read: {AtomicFile.Reason(e)}", e);
        }
    }

    /// <summary>All that was recorded, up to where the file ends, was torn or was damaged.</summary>
    /// <param name="stream">From the file's first byte.</param>
    /// <param name="source">What to call it in a message.</param>
    /// <exception cref="UserFaultException">It is no timeline.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TimelineRecord Read(Stream stream, string source)
    {
        byte[] file = Bytes(stream, source);
        int stride = TimelineFormat.StrideOf(file) ?? throw new UserFaultException(
            $"{source}: this is not a timeline; give the timeline.bin of a run");
        List<TimelineStep> steps = [];
        List<TimelinePhase> phases = [];
        try
        {
            foreach (TimelineChunk chunk in TimelineFormat.Chunks(file))
            {
                new ChunkReader(file, chunk).Read(steps, phases);
            }
        }
        catch (InvalidDataException e)
        {
            throw new UserFaultException($"{source}: the timeline is damaged, {e.Message}", e);
        }

        return new TimelineRecord(steps, phases, stride);
    }

    private static byte[] Bytes(Stream stream, string source)
    {
        var bytes = new MemoryStream();
        byte[] part = new byte[1 << 16];
        while (stream.Read(part) is var read and > 0)
        {
            if (bytes.Length + read > MostBytes)
            {
                throw new UserFaultException($"{source}: a timeline is never that large");
            }

            bytes.Write(part.AsSpan(0, read));
        }

        return bytes.ToArray();
    }
}

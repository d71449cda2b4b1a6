using System.Buffers;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Storage;
using DistTrain.Runs.Summaries;

namespace DistTrain.Runs.Metrics;

/// <summary>
/// metrics.jsonl: one JSON object a line, per step, per epoch, per validation between, and at the end. A step
/// costs about a microsecond: lines gather in memory and reach the file at epochs, at validations, at every
/// 256 KiB, and when asked. After a failed write nothing is lost: the lines stay in memory and the next flush
/// writes them where the file was last whole.
/// </summary>
public sealed class MetricsLog : IDisposable
{
    private const int FlushBytes = 1 << 18;
    private const int MostBytesHeld = 1 << 26;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _pending = new(FlushBytes + 4096);
    private readonly MetricsLine _line;
    private int _flushAt = FlushBytes;
    private long _length;

    private MetricsLog(string path, FileStream file, long length, long missingSteps)
    {
        (_path, _file, _length, MissingSteps) = (path, file, length, missingSteps);
        _line = new MetricsLine(_pending);
    }

    /// <summary>
    /// After a resume: steps before the checkpoint whose lines never reached the file, because the run was
    /// killed between a checkpoint and a flush; 0 otherwise.
    /// </summary>
    public long MissingSteps { get; }

    /// <summary>Starts an empty log; one that is there is emptied.</summary>
    /// <exception cref="RunFaultException">The file cannot be written.</exception>
    public static MetricsLog Create(string path) => Open(path, (0, 0), 0);

    /// <summary>
    /// Goes on with the log of an interrupted run: what the run did after the checkpoint is cut off, for it
    /// will be done, and written, again. The file of a resumed run thus equals that of an uninterrupted one
    /// in all but times.
    /// </summary>
    /// <param name="path">A missing file is begun anew.</param>
    /// <param name="step">The checkpoint's step: lines of this step and later go.</param>
    /// <param name="completedEpochs">The checkpoint's epochs: lines of later ones go.</param>
    /// <param name="lastValidation">
    /// The step of the checkpoint's last validation between epochs: lines of later ones go; null: of all.
    /// </param>
    /// <exception cref="RunFaultException">The file cannot be read or written.</exception>
    public static MetricsLog OpenForResume(
        string path, long step, int completedEpochs, long? lastValidation = null)
    {
        try
        {
            return Open(
                path, MetricsReader.FindResumePoint(path, step, completedEpochs, lastValidation), step);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunFaultException($"{path} could not be read: {AtomicFile.Reason(e)}", e);
        }
    }

    public void Write(StepMetrics step)
    {
        if (_pending.WrittenCount < MostBytesHeld)
        {
            _line.Write(step);
        }

        if (_pending.WrittenCount >= _flushAt)
        {
            Flush();
        }
    }

    /// <summary>Writes the line of an epoch and flushes.</summary>
    public void Write(EpochMetrics epoch)
    {
        _line.Write(epoch);
        Flush();
    }

    /// <summary>Writes the line of a validation between epochs and flushes.</summary>
    public void Write(ValidationPoint validation)
    {
        _line.Write(validation);
        Flush();
    }

    /// <summary>Writes the closing line and flushes.</summary>
    public void Write(RunSummary summary)
    {
        _line.Write(summary);
        Flush();
    }

    /// <summary>
    /// Hands what has gathered to the file. Call it before a checkpoint, so that the two agree.
    /// </summary>
    /// <exception cref="RunFaultException">It cannot be written; the lines are kept and tried
    /// again.</exception>
    public void Flush()
    {
        try
        {
            _file.Position = _length;
            _file.Write(_pending.WrittenSpan);
            _length += _pending.WrittenCount;
            _pending.ResetWrittenCount();
            _flushAt = FlushBytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _flushAt = _pending.WrittenCount + FlushBytes;
            throw AtomicFile.Fault(_path, e);
        }
    }

    /// <summary>Flushes if it can, and closes.</summary>
    public void Dispose()
    {
        try
        {
            Flush();
        }
        catch (RunFaultException)
        {
            // Whoever cares has flushed before, and was told.
        }

        _line.Dispose();
        _file.Dispose();
    }

    private static MetricsLog Open(string path, (long Length, long Steps) kept, long stepsExpected)
    {
        try
        {
            var file = new FileStream(
                path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
            file.SetLength(kept.Length);
            return new MetricsLog(path, file, kept.Length, Math.Max(0, stepsExpected - kept.Steps));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Fault(path, e);
        }
    }
}

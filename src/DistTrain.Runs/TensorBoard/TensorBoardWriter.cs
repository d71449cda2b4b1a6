using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Storage;

namespace DistTrain.Runs.TensorBoard;

/// <summary>
/// Feeds TensorBoard: an event file of scalars over steps. Epochs write their means (train/…, validation/…,
/// samples_per_second), and so do validations between them; of the steps at most a thousand are written,
/// evenly spread (batch/loss, batch/accuracy, learning_rate, gradient_norm, noise_scale), so that a long run
/// costs no more than a short one.
/// A resumed run begins a file of its own, whose first event tells TensorBoard to forget what came after.
/// </summary>
public sealed class TensorBoardWriter : IDisposable
{
    private const long MostStepPoints = 1000;

    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly FileStream _file;
    private long _length;
    private long _everySteps = 1;

    private TensorBoardWriter(string path, TimeProvider time, FileStream file)
        => (_path, _time, _file) = (path, time, file);

    /// <summary>Begins an event file, named for the time and the host as TensorBoard expects.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="time">Dates the events.</param>
    /// <param name="host">Name of this machine.</param>
    /// <param name="resumedAt">The step a resumed run goes on from; null for a fresh one.</param>
    /// <exception cref="RunFaultException">The file cannot be written.</exception>
    public static TensorBoardWriter Create(
        string folder, TimeProvider time, string host, long? resumedAt = null)
    {
        for (long seconds = time.GetUtcNow().ToUnixTimeSeconds(); ; seconds++)
        {
            string path = Path.Combine(
                folder, $"events.out.tfevents.{seconds}.{RunDirectory.SafeName(host)}");
            try
            {
                var file = new FileStream(
                    path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
                var writer = new TensorBoardWriter(path, time, file);
                writer.Append(EventRecord.FileVersion(writer.Now));
                if (resumedAt is { } step)
                {
                    writer.Append(EventRecord.SessionStart(writer.Now, step));
                }

                return writer;
            }
            catch (IOException) when (File.Exists(path))
            {
                // Another file began in this very second.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw AtomicFile.Fault(path, e);
            }
        }
    }

    /// <summary>Says how long the run will be; until then every step is written.</summary>
    public void Expect(long totalSteps)
        => _everySteps = Math.Max(1, (totalSteps + MostStepPoints - 1) / MostStepPoints);

    /// <exception cref="RunFaultException">The file cannot be written.</exception>
    public void Write(StepMetrics step)
    {
        if (step.Step % _everySteps != 0)
        {
            return;
        }

        List<Scalar> scalars = [new("batch/loss", step.Loss)];
        AddIfKnown(scalars, "batch/accuracy", step.Accuracy);
        scalars.Add(new("learning_rate", step.LearningRate));
        scalars.Add(new("gradient_norm", step.GradientNorm));
        AddIfKnown(scalars, "noise_scale", step.Noise?.Scale);
        Append(EventRecord.Scalars(Now, step.Step, scalars));
    }

    /// <exception cref="RunFaultException">The file cannot be written.</exception>
    public void Write(EpochMetrics epoch)
    {
        List<Scalar> scalars = [new("train/loss", epoch.Train.Loss)];
        AddIfKnown(scalars, "train/accuracy", epoch.Train.Accuracy);
        AddIfKnown(scalars, "validation/loss", epoch.Validation?.Loss);
        AddIfKnown(scalars, "validation/accuracy", epoch.Validation?.Accuracy);
        scalars.Add(new("samples_per_second", epoch.SamplesPerSecond));
        Append(EventRecord.Scalars(Now, epoch.Step, scalars));
    }

    /// <exception cref="RunFaultException">The file cannot be written.</exception>
    public void Write(ValidationPoint validation)
    {
        List<Scalar> scalars = [new("validation/loss", validation.Metrics.Loss)];
        AddIfKnown(scalars, "validation/accuracy", validation.Metrics.Accuracy);
        Append(EventRecord.Scalars(Now, validation.Step, scalars));
    }

    public void Dispose() => _file.Dispose();

    private double Now => (_time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static void AddIfKnown(List<Scalar> scalars, string tag, double? value)
    {
        if (value is { } known)
        {
            scalars.Add(new Scalar(tag, known));
        }
    }

    /// <summary>
    /// A record that does not fit the disk leaves no half of itself behind: the next one begins there.
    /// </summary>
    private void Append(byte[] record)
    {
        try
        {
            _file.Position = _length;
            _file.Write(record);
            _length += record.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Fault(_path, e);
        }
    }
}

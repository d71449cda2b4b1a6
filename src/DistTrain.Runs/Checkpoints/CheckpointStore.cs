using System.Globalization;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Core.Jobs;
using DistTrain.Runs.Storage;
using DistTrain.Runs.Tensors;

namespace DistTrain.Runs.Checkpoints;

/// <summary>
/// A run's checkpoints: <c>checkpoints/step-00001234.safetensors</c>, the newest K of them, and
/// <c>checkpoints/best.safetensors</c>, which is never rotated out. A file is either whole or absent, and a
/// failed save leaves what was there before.
/// </summary>
public sealed class CheckpointStore(RunDirectory run, CheckpointSpec spec)
{
    private const string Prefix = "step-";
    private const string Extension = ".safetensors";

    private readonly int _keep = Math.Max(1, spec.Keep);

    /// <summary>Path of the best checkpoint, whether there is one or not.</summary>
    public string BestPath => Path.Combine(run.CheckpointsPath, "best" + Extension);

    /// <summary>Checkpoints by step, the newest first.</summary>
    public IReadOnlyList<(long Step, string Path)> Saved
    {
        get
        {
            if (!Directory.Exists(run.CheckpointsPath))
            {
                return [];
            }

            return [.. Directory.EnumerateFiles(run.CheckpointsPath, Prefix + "*" + Extension)
                .Select(path => (Step: StepOf(path), Path: path))
                .Where(saved => saved.Step >= 0)
                .OrderByDescending(saved => saved.Step)];
        }
    }

    /// <summary>Writes a checkpoint, then lets go of the oldest.</summary>
    /// <param name="progress">Where a resumed run goes on.</param>
    /// <param name="tensors">Parameters, buffers and optimizer state; nobody may change them
    /// meanwhile.</param>
    /// <param name="jobJson">The effective job.</param>
    /// <param name="isBest">Whether it becomes the best one as well.</param>
    /// <returns>The file written.</returns>
    /// <exception cref="RunFaultException">
    /// The disk is full or broken. Earlier checkpoints are untouched; a run may say so and go on.
    /// </exception>
    public string Save(TrainingProgress progress, CheckpointTensors tensors, string jobJson, bool isBest)
    {
        string path = PathOf(progress.Step);
        string writing = path;
        try
        {
            Directory.CreateDirectory(run.CheckpointsPath);
            CheckpointFile.Write(path, progress, tensors, jobJson);
            if (isBest)
            {
                writing = BestPath;
                AtomicFile.Duplicate(path, BestPath);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string previous = Saved.Count > 0 ? "the previous one is whole" : "there is no earlier one";
            throw new RunFaultException(
                $"checkpoint could not be written: {writing}: {AtomicFile.Reason(e)}; {previous}", e);
        }

        Rotate(progress.Step);
        return path;
    }

    /// <summary>Fills the buffers from the newest checkpoint that is whole.</summary>
    /// <param name="target">Receives the tensors; its layout must be the one that was saved.</param>
    /// <param name="notice">Is told about every damaged file that was passed over.</param>
    /// <exception cref="UserFaultException">There is none, or it belongs to another model.</exception>
    public LoadedCheckpoint LoadLatest(CheckpointTensors target, Action<string>? notice = null)
    {
        IReadOnlyList<(long Step, string Path)> saved = Saved;
        foreach ((_, string path) in saved)
        {
            SafetensorsFile file;
            LoadedCheckpoint contents;
            try
            {
                file = CheckpointFile.OpenVerified(path, out contents);
            }
            catch (UserFaultException e)
            {
                notice?.Invoke(e.Message + "; trying the one before it");
                continue;
            }

            using (file)
            {
                CheckpointFile.Fill(file, target);
                return contents;
            }
        }

        throw new UserFaultException(saved.Count == 0
            ? $"{run.CheckpointsPath}: there is no checkpoint to go on from; the run ended before its first"
            : $"{run.CheckpointsPath}: none of the {saved.Count} checkpoints is whole");
    }

    /// <summary>Fills the buffers from the best checkpoint.</summary>
    /// <param name="target">Receives the tensors; untouched when they are not the right ones.</param>
    /// <param name="epoch">The epoch it must be of; null: any.</param>
    /// <exception cref="UserFaultException">There is none, it is damaged, or it belongs to another
    /// model.</exception>
    /// <exception cref="RunFaultException">It is of another epoch: the best one could not be
    /// saved.</exception>
    public LoadedCheckpoint LoadBest(CheckpointTensors target, int? epoch = null)
    {
        using SafetensorsFile file = CheckpointFile.OpenVerified(BestPath, out LoadedCheckpoint contents);
        int found = contents.Progress.CompletedEpochs;
        if (epoch is { } wanted && found != wanted)
        {
            throw new RunFaultException(
                $"the weights of epoch {wanted}, the best, could not be saved; "
                + $"{BestPath} is of epoch {found}");
        }

        CheckpointFile.Fill(file, target);
        return contents;
    }

    /// <summary>Fills the buffers from one given file.</summary>
    /// <exception cref="UserFaultException">It is missing, damaged, or belongs to another model.</exception>
    public static LoadedCheckpoint Load(string path, CheckpointTensors target)
    {
        using SafetensorsFile file = CheckpointFile.OpenVerified(path, out LoadedCheckpoint contents);
        CheckpointFile.Fill(file, target);
        return contents;
    }

    private string PathOf(long step)
        => Path.Combine(run.CheckpointsPath, string.Create(null, $"{Prefix}{step:D8}{Extension}"));

    private static long StepOf(string path)
    {
        ReadOnlySpan<char> digits = Path.GetFileNameWithoutExtension(path.AsSpan())[Prefix.Length..];
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long step) ? step
            : -1;
    }

    /// <summary>
    /// Keeps the newest K up to the step just saved. Later ones, left by a run that went on from an older
    /// checkpoint because they were damaged, do not count: else they would push out the good ones.
    /// </summary>
    private void Rotate(long step)
    {
        foreach ((_, string path) in Saved.Where(saved => saved.Step <= step).Skip(_keep))
        {
            AtomicFile.DeleteQuietly(path);
        }

        string leftAside = "*" + AtomicFile.TemporarySuffix;
        foreach (string path in Directory.EnumerateFiles(run.CheckpointsPath, leftAside))
        {
            AtomicFile.DeleteQuietly(path);
        }
    }
}

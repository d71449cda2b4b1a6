using DistTrain.Core.Jobs;
using DistTrain.Study.Records;

namespace DistTrain.Study.Execution;

/// <summary>
/// How long a run will take, from what others took: samples a second, evaluation and saving included, of the
/// runs with the same model, batch and workers, or else of those whose batch is nearest.
/// </summary>
public sealed class TimeEstimate
{
    private readonly Dictionary<(int Batch, int Workers), (double Samples, double Seconds)> _measured = [];

    /// <summary>Notes what a finished run took.</summary>
    public void Add(StudyRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Examples > 0 && run.Seconds > 0)
        {
            Add(run.Batch, run.Workers, run.Examples, run.Seconds);
        }
    }

    /// <inheritdoc cref="Add(StudyRun)"/>
    public void Add(int batch, int workers, double samples, double seconds)
    {
        var (before, time) = _measured.GetValueOrDefault((batch, workers));
        _measured[(batch, workers)] = (before + samples, time + seconds);
    }

    /// <summary>A copy that knows of some runs under way besides.</summary>
    public TimeEstimate With(IEnumerable<(JobSpec Job, double Samples, double Seconds)> others)
    {
        ArgumentNullException.ThrowIfNull(others);
        var copy = new TimeEstimate();
        foreach (var (key, value) in _measured)
        {
            copy._measured.Add(key, value);
        }

        foreach (var (job, samples, seconds) in others)
        {
            copy.Add(job.Batch.Global, job.Workers.Max, samples, seconds);
        }

        return copy;
    }

    /// <summary>Seconds for a number of samples; null: nothing was measured yet.</summary>
    public double? SecondsFor(JobSpec job, double samples)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (_measured.Count == 0)
        {
            return null;
        }

        var nearest = _measured.MinBy(entry =>
            (Math.Abs(Math.Log2((double)entry.Key.Batch / job.Batch.Global)),
            Math.Abs(Math.Log2((double)entry.Key.Workers / job.Workers.Max))));
        return samples * nearest.Value.Seconds / nearest.Value.Samples;
    }
}

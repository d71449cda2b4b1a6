using DistTrain.Api;
using DistTrain.Cluster.Store;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Coordination;

namespace DistTrain.Cluster.Tests.Store;

/// <summary>A journal in a folder of its own, on a clock that stands.</summary>
public abstract class JournalTest : IDisposable
{
    private protected static readonly DateTimeOffset Noon = new(2030, 1, 2, 12, 0, 0, TimeSpan.Zero);
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TemporaryFolder _folder = new();
    private readonly SetClock _clock = new(Noon);

    public void Dispose() => _folder.Dispose();

    private protected string FilePath => _folder.PathOf("events.jsonl");

    private protected JobJournal Open()
        => JobJournal.Open(FilePath, _clock, line => throw new InvalidOperationException(line));

    private protected static StepMetrics Step(long number)
        => new(number, 1, 0.5, 0.5, 0.1, 64, 1, Skipped: false, TimeSpan.FromMilliseconds(3));

    private protected static EpochMetrics Epoch(int number) => new(
        number, number * 10, new EvaluationMetrics(double.NaN, null, 640), new EvaluationMetrics(0.4, 0.9, 64),
        0.1, TimeSpan.FromSeconds(1.25), 512, Improved: true);

    /// <summary>An epoch with two steps.</summary>
    private protected static void Play(JobJournal journal, int epoch)
    {
        journal.OnStep(Step(epoch * 2));
        journal.OnStep(Step(epoch * 2 + 1));
        journal.OnEvaluating(epoch, "validation");
        journal.OnWorkers([new WorkerPace("w", 4, TimeSpan.FromMilliseconds(5), 100, IsSlow: false)]);
        journal.OnEpoch(Epoch(epoch));
        journal.OnNotice($"saved {epoch}");
    }

    private protected static async Task<List<JobEvent>> All(IAsyncEnumerable<JobEvent> events, int most = int.MaxValue)
    {
        var all = new List<JobEvent>();
        using var patience = new CancellationTokenSource(Patience);
        await foreach (JobEvent happened in events.WithCancellation(patience.Token))
        {
            all.Add(happened);
            if (all.Count == most)
            {
                break;
            }
        }

        return all;
    }
}

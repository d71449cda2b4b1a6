using DistTrain.Core.Engine;
using DistTrain.Core.Hosting;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// A worker's part in evaluations of one version: each chunk is evaluated once, however often it is asked
/// for, and its result is kept until a later version is ordered.
/// </summary>
internal sealed class EvaluationWork
{
    private readonly HashSet<(DataSplit Split, int Chunk)> _asked = [];
    private readonly Dictionary<(DataSplit Split, int Chunk), ShardResult> _results = [];

    /// <summary>Queues what is not under way yet, and the report.</summary>
    public void Take(EvaluateChunks order, Queue<WorkerOperation> operations)
    {
        for (int chunk = order.Chunks.Start; chunk < order.Chunks.End; chunk++)
        {
            if (_asked.Add((order.Split, chunk)))
            {
                operations.Enqueue(WorkerOperation.Evaluate(order.Split, chunk));
            }
        }
        WorkerOperation report = WorkerOperation.Report(order.Split, order.Chunks);
        if (!operations.Contains(report))
        {
            operations.Enqueue(report);
        }
    }

    public void Evaluated(ChunkEvaluated done) => _results[(done.Split, done.Chunk)] = done.Result;

    public ChunksEvaluated Report(ActorId self, long version, WorkerOperation operation)
    {
        ShardRange chunks = operation.Range;
        var results = new ShardResult[chunks.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = _results[(operation.Split, chunks.Start + i)];
        }
        return new ChunksEvaluated(self, version, operation.Split, chunks, results);
    }

    public void Clear()
    {
        _asked.Clear();
        _results.Clear();
    }
}

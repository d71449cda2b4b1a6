using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// The order in which a worker computes the shards of a subtree and adds their gradients, so that every sum
/// it takes is a sum the canonical tree prescribes. Each maximal subtree of a range becomes a postfix
/// program:
/// <code>
///   node [0,4)           compute 0 → a, compute 1 → b, a += b,
///    ├ [0,2) ┬ 0           compute 2 → b, compute 3 → c, b += c,
///    │       └ 1           a += b, publish [0,4) from a
///    └ [2,4) ┬ 2
///            └ 3         depth + 1 buffers are enough
/// </code>
/// Shards without samples contribute nothing: x + absent = x.
/// </summary>
internal static class GradientProgram
{
    /// <summary>Appends the operations for a node; false when none of its shards holds a sample.</summary>
    /// <param name="hasSamples">False for the empty shards of a short last batch.</param>
    /// <param name="takeBuffer">Hands out a free buffer.</param>
    /// <param name="freeBuffer">Takes a buffer back that a later operation may use again.</param>
    public static bool Append(
        Queue<WorkerOperation> operations, ReductionTree tree, ShardRange subtree, Func<int, bool> hasSamples,
        Func<int> takeBuffer, Action<int> freeBuffer)
    {
        if (AppendNode(subtree) is not { } result)
        {
            return false;
        }
        operations.Enqueue(WorkerOperation.Publish(subtree, result));
        return true;

        int? AppendNode(ShardRange node)
        {
            if (node.Count == 1)
            {
                if (!hasSamples(node.Start))
                {
                    return null;
                }
                int leaf = takeBuffer();
                operations.Enqueue(WorkerOperation.Compute(node.Start, leaf));
                return leaf;
            }
            (ShardRange left, ShardRange right) = tree.Split(node);
            int? into = AppendNode(left);
            int? from = AppendNode(right);
            if (into is { } a && from is { } b)
            {
                operations.Enqueue(WorkerOperation.Add(a, b));
                freeBuffer(b);
            }
            return into ?? from;
        }
    }
}

internal enum WorkerOperationKind { Compute, Add, Publish, Evaluate, Report }

/// <summary>One operation of a worker's queue; the fields that matter depend on the kind.</summary>
internal readonly record struct WorkerOperation(
    WorkerOperationKind Kind, int Index, ShardRange Range, int Buffer, int Other, DataSplit Split)
{
    public static WorkerOperation Compute(int shard, int buffer)
        => new(WorkerOperationKind.Compute, shard, default, buffer, 0, default);

    public static WorkerOperation Add(int into, int from)
        => new(WorkerOperationKind.Add, 0, default, into, from, default);

    public static WorkerOperation Publish(ShardRange node, int buffer)
        => new(WorkerOperationKind.Publish, 0, node, buffer, 0, default);

    public static WorkerOperation Evaluate(DataSplit split, int chunk)
        => new(WorkerOperationKind.Evaluate, chunk, default, 0, 0, split);

    public static WorkerOperation Report(DataSplit split, ShardRange chunks)
        => new(WorkerOperationKind.Report, 0, chunks, 0, 0, split);
}

using DistTrain.Core.Engine;
using DistTrain.Core.Sharding;

namespace DistTrain.Core.Coordination;

/// <summary>
/// Which units of a piece of work (shards of a step, chunks of an evaluation) are done, and who owes the
/// rest. Results are kept by index, so that sums over them are taken in index order whoever delivered them.
/// </summary>
internal sealed class WorkLedger
{
    private readonly ShardResult[] _results;
    private readonly bool[] _done;
    private readonly RosterEntry?[] _owner;
    private int _missing;

    /// <param name="count">Units.</param>
    /// <param name="needed">False for units that hold no samples: they are done from the start.</param>
    public WorkLedger(int count, Func<int, bool> needed)
    {
        _results = new ShardResult[count];
        _done = new bool[count];
        _owner = new RosterEntry?[count];
        for (int i = 0; i < count; i++)
        {
            _done[i] = !needed(i);
            _missing += _done[i] ? 0 : 1;
        }
    }

    public bool IsComplete => _missing == 0;

    /// <summary>Units that went from one worker to another.</summary>
    public int Reassigned { get; private set; }

    /// <summary>From now on this worker owes what is missing of a range.</summary>
    public void Assign(RosterEntry worker, ShardRange range)
    {
        for (int i = range.Start; i < range.End; i++)
        {
            if (_done[i])
            {
                continue;
            }
            if (_owner[i] is { } former)
            {
                former.Owed--;
                Reassigned += former == worker ? 0 : 1;
            }
            _owner[i] = worker;
            worker.Owed++;
        }
    }

    /// <summary>
    /// Enters results; units that were in already keep what they have (the bits are the same).
    /// </summary>
    public void Enter(ShardRange range, IReadOnlyList<ShardResult> results)
    {
        for (int i = range.Start; i < range.End; i++)
        {
            if (_done[i])
            {
                continue;
            }
            _done[i] = true;
            _missing--;
            _results[i] = results[i - range.Start];
            if (_owner[i] is { } owner)
            {
                owner.Owed--;
            }
        }
    }

    /// <summary>Maximal runs of units that this worker owes.</summary>
    public List<ShardRange> OwedBy(RosterEntry worker)
    {
        var runs = new List<ShardRange>();
        for (int i = 0; i < _done.Length; i++)
        {
            if (_done[i] || _owner[i] != worker)
            {
                continue;
            }
            if (runs.Count > 0 && runs[^1].End == i)
            {
                runs[^1] = new ShardRange(runs[^1].Start, i + 1);
            }
            else
            {
                runs.Add(new ShardRange(i, i + 1));
            }
        }
        return runs;
    }

    /// <summary>
    /// Σ |S_i|²/n_i in index order over the shards that hold samples, and how many those are: what the
    /// gradient noise is estimated from. Nothing where one of them came without its square, as from a worker
    /// that knows of none: a zero would pass for a gradient without noise.
    /// </summary>
    public (double SquaresPerSample, int Shards) Squares()
    {
        double sum = 0;
        int shards = 0;
        foreach (ShardResult result in _results)
        {
            if (result is { Count: > 0, GradientSquares: 0 })
            {
                return (0, 0);
            }
            if (result.Count > 0)
            {
                sum += result.GradientSquares / result.Count;
                shards++;
            }
        }
        return (sum, shards);
    }

    /// <summary>Sums in index order.</summary>
    public (double LossSum, long Correct, long Count) Total()
    {
        double loss = 0;
        long correct = 0;
        long count = 0;
        foreach (ShardResult result in _results)
        {
            loss += result.LossSum;
            correct += result.Correct;
            count += result.Count;
        }
        return (loss, correct, count);
    }
}

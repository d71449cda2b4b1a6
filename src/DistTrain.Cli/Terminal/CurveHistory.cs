namespace DistTrain.Cli.Terminal;

/// <summary>
/// A loss a step, however many steps, in a fixed amount of memory: means over buckets of equally many steps.
/// When all buckets are full, neighbours are merged and every bucket covers twice as many steps. Adding costs
/// O(1), spread over many.
/// </summary>
public sealed class CurveHistory
{
    private readonly double[] _sums;
    private readonly int[] _counts;
    private long _steps;

    /// <param name="capacity">Most buckets; even.</param>
    public CurveHistory(int capacity = 512)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 2);
        ArgumentOutOfRangeException.ThrowIfNotEqual(capacity % 2, 0);
        _sums = new double[capacity];
        _counts = new int[capacity];
    }

    /// <summary>Steps seen.</summary>
    public long Steps => _steps;

    /// <summary>Steps that one bucket covers.</summary>
    public long Stride { get; private set; } = 1;

    /// <summary>Takes in the next step's loss; one that is not finite leaves its step empty.</summary>
    public void Add(double loss)
    {
        if (_steps == _sums.Length * Stride)
        {
            Merge();
        }

        long bucket = _steps++ / Stride;
        if (double.IsFinite(loss))
        {
            _sums[bucket] += loss;
            _counts[bucket]++;
        }
    }

    /// <summary>The curve: the middle (in steps) and the mean of every bucket that has a value.</summary>
    public CurvePoint[] ToPoints()
    {
        var points = new List<CurvePoint>(_sums.Length);
        for (int i = 0; i * Stride < _steps; i++)
        {
            if (_counts[i] > 0)
            {
                double end = Math.Min((i + 1) * Stride, _steps);
                points.Add(new CurvePoint((i * Stride + end) / 2, _sums[i] / _counts[i]));
            }
        }

        return [.. points];
    }

    private void Merge()
    {
        int half = _sums.Length / 2;
        for (int i = 0; i < half; i++)
        {
            _sums[i] = _sums[2 * i] + _sums[2 * i + 1];
            _counts[i] = _counts[2 * i] + _counts[2 * i + 1];
        }

        Array.Clear(_sums, half, half);
        Array.Clear(_counts, half, half);
        Stride *= 2;
    }
}

/// <param name="Step">Steps since the start of the run; fractions where it stands for several.</param>
/// <param name="Loss">Finite.</param>
public readonly record struct CurvePoint(double Step, double Loss);

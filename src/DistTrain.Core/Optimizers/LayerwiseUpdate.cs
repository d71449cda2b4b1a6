using DistTrain.Core.Reduction;

namespace DistTrain.Core.Optimizers;

/// <summary>
/// One update with a rate per layer. Both passes run in slices of whole blocks, in any order and on any
/// threads; between them lies <see cref="Fold"/>:
/// <code>
/// Prepare(slice) …  ──►  Fold()  ──►  Apply(slice) …
/// </code>
/// On several nodes each prepares its own slices, sends the doubles of <see cref="SquaresIn"/>, receives the
/// others' into the same places, and folds: all come to the same ratios. Nothing is allocated per step.
/// </summary>
/// <param name="optimizer">The arithmetic.</param>
/// <param name="segments">Where layers lie.</param>
public sealed unsafe class LayerwiseUpdate(ILayerwiseOptimizer optimizer, LayerSegments segments)
{
    /// <summary>Per segment the squares of its weights and of its direction, side by side.</summary>
    private readonly double[] _squares = new double[2 * segments.All.Length];
    private readonly double[] _weightSquares = new double[segments.Layers.Count];
    private readonly double[] _directionSquares = new double[segments.Layers.Count];
    private readonly float[] _rates = new float[segments.Layers.Count];

    /// <summary>What <see cref="Prepare"/> found in a slice: two doubles a segment.</summary>
    /// <param name="offset">First element, a multiple of the block length.</param>
    /// <param name="length">Elements; whole blocks, or to the parameters' end.</param>
    public Span<double> SquaresIn(long offset, long length)
    {
        Range range = segments.In(offset, length);
        return _squares.AsSpan(2 * range.Start.Value, 2 * (range.End.Value - range.Start.Value));
    }

    /// <summary>First pass over a slice.</summary>
    /// <param name="step">Rate, scale and count.</param>
    /// <param name="origin">Element 0 of the buffers.</param>
    /// <param name="offset">First element, a multiple of the block length.</param>
    /// <param name="length">Elements; whole blocks, or to the parameters' end.</param>
    public void Prepare(in OptimizerStep step, in UpdateBuffers origin, long offset, long length)
    {
        double* lanes = stackalloc double[BlockSquares.Lanes];
        (int first, int end) = Bounds(offset, length);
        for (int i = first; i < end; i++)
        {
            LayerSegment segment = segments.All[i];
            bool isAdapted = segments.Layers[segment.Layer].IsAdapted;
            UpdateBuffers at = origin.At(segment.Offset);
            optimizer.Prepare(
                step, isAdapted, at.Weights, at.Gradient, at.State0, at.State1, segment.Length);
            if (!isAdapted)
                continue;
            _squares[2 * i] = BlockSquares.Of(at.Weights, segment.Length, lanes);
            _squares[2 * i + 1] = BlockSquares.Of(at.Gradient, segment.Length, lanes);
        }
    }

    /// <summary>Every layer's rate, once all slices are prepared.</summary>
    public void Fold(in OptimizerStep step)
    {
        Array.Clear(_weightSquares);
        Array.Clear(_directionSquares);
        ReadOnlySpan<LayerSegment> all = segments.All;
        for (int i = 0; i < all.Length; i++)
        {
            _weightSquares[all[i].Layer] += _squares[2 * i];
            _directionSquares[all[i].Layer] += _squares[2 * i + 1];
        }
        for (int layer = 0; layer < _rates.Length; layer++)
        {
            double ratio = segments.Layers[layer].IsAdapted ? RatioOf(step, layer) : 1;
            // Gradients that all but vanish would make it infinite, and infinity times zero no number.
            _rates[layer] = (float)Math.Min(step.LearningRate * ratio, float.MaxValue);
        }
    }

    /// <summary>Second pass over a slice.</summary>
    /// <param name="step">As in <see cref="Prepare"/>.</param>
    /// <param name="origin">Element 0 of the buffers.</param>
    /// <param name="offset">First element, a multiple of the block length.</param>
    /// <param name="length">Elements; whole blocks, or to the parameters' end.</param>
    public void Apply(in OptimizerStep step, in UpdateBuffers origin, long offset, long length)
    {
        (int first, int end) = Bounds(offset, length);
        for (int i = first; i < end; i++)
        {
            LayerSegment segment = segments.All[i];
            UpdateBuffers at = origin.At(segment.Offset);
            optimizer.Apply(
                step, segments.Layers[segment.Layer].IsAdapted, _rates[segment.Layer], at.Weights,
                at.Gradient, at.State0, at.State1, segment.Length);
        }
    }

    /// <summary>A layer or a direction of zeros has no ratio; 1 lets it move at all.</summary>
    private double RatioOf(in OptimizerStep step, int layer)
    {
        double weights = Math.Sqrt(_weightSquares[layer]), direction = Math.Sqrt(_directionSquares[layer]);
        return weights > 0 && direction > 0 ? optimizer.TrustRatio(step, weights, direction) : 1;
    }

    private (int First, int End) Bounds(long offset, long length)
    {
        Range range = segments.In(offset, length);
        return (range.Start.Value, range.End.Value);
    }
}

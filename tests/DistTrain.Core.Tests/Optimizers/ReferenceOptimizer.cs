using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Optimizers;

/// <summary>
/// The published formulas for one weight, in float64, written down a second time and on their own.
/// </summary>
internal sealed class ReferenceOptimizer(OptimizerSpec spec)
{
    private double _first, _second;
    private int _steps;

    internal double Step(double weight, double gradient, double rate)
    {
        _steps++;
        if (spec.Kind == OptimizerKind.AdamW)
            weight -= rate * spec.WeightDecay * weight;
        else
            gradient += spec.WeightDecay * weight;
        return spec.Kind switch
        {
            OptimizerKind.Sgd => weight - rate * Sgd(gradient),
            OptimizerKind.RmsProp => weight - rate * RmsProp(gradient),
            _ => weight - rate * Adam(gradient),
        };
    }

    private double Sgd(double gradient)
    {
        _first = spec.Momentum * _first + gradient;
        return spec.Nesterov ? gradient + spec.Momentum * _first : _first;
    }

    private double RmsProp(double gradient)
    {
        _first = spec.Alpha * _first + (1 - spec.Alpha) * gradient * gradient;
        _second = spec.Momentum * _second + gradient / (Math.Sqrt(_first) + spec.Epsilon);
        return _second;
    }

    /// <summary>In Kingma and Ba's own words: both moments corrected, then divided.</summary>
    private double Adam(double gradient)
    {
        _first = spec.Beta1 * _first + (1 - spec.Beta1) * gradient;
        _second = spec.Beta2 * _second + (1 - spec.Beta2) * gradient * gradient;
        double mean = _first / (1 - Math.Pow(spec.Beta1, _steps));
        double square = _second / (1 - Math.Pow(spec.Beta2, _steps));
        return mean / (Math.Sqrt(square) + spec.Epsilon);
    }
}

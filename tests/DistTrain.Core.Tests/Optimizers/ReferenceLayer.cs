using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Optimizers;

/// <summary>
/// LARS and LAMB for one layer as their papers' algorithms have them, in float64 and plain loops.
/// </summary>
internal sealed class ReferenceLayer(OptimizerSpec spec, bool isAdapted, int length)
{
    private readonly double[] _first = new double[length], _second = new double[length];
    private int _steps;

    internal void Step(double[] weights, double[] gradient, double rate)
    {
        _steps++;
        double decay = isAdapted ? spec.WeightDecay : 0;
        if (spec.Kind == OptimizerKind.Lars)
            Lars(weights, gradient, rate, decay);
        else
            Lamb(weights, gradient, rate, decay);
    }

    private void Lars(double[] weights, double[] gradient, double rate, double decay)
    {
        double local = 1, weightNorm = Norm(weights), gradientNorm = Norm(gradient);
        if (isAdapted && weightNorm > 0 && gradientNorm > 0)
            local = spec.TrustCoefficient * weightNorm / (gradientNorm + decay * weightNorm);
        for (int i = 0; i < length; i++)
        {
            double increment = rate * local * (gradient[i] + decay * weights[i]);
            _first[i] = spec.Momentum * _first[i] + increment;
            weights[i] -= spec.Nesterov ? spec.Momentum * _first[i] + increment : _first[i];
        }
    }

    private void Lamb(double[] weights, double[] gradient, double rate, double decay)
    {
        var update = new double[length];
        for (int i = 0; i < length; i++)
        {
            _first[i] = spec.Beta1 * _first[i] + (1 - spec.Beta1) * gradient[i];
            _second[i] = spec.Beta2 * _second[i] + (1 - spec.Beta2) * gradient[i] * gradient[i];
            double mean = _first[i] / (1 - Math.Pow(spec.Beta1, _steps));
            double square = _second[i] / (1 - Math.Pow(spec.Beta2, _steps));
            update[i] = mean / (Math.Sqrt(square) + spec.Epsilon) + decay * weights[i];
        }
        double weightNorm = Norm(weights), updateNorm = Norm(update);
        double ratio = isAdapted && weightNorm > 0 && updateNorm > 0 ? weightNorm / updateNorm : 1;
        for (int i = 0; i < length; i++)
            weights[i] -= rate * ratio * update[i];
    }

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}

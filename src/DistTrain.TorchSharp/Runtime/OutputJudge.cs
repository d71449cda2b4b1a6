using DistTrain.Core;
using DistTrain.Core.Datasets;
using DistTrain.Core.Engine;
using DistTrain.Core.Jobs;

namespace DistTrain.TorchSharp.Runtime;

/// <summary>
/// Loss and its gradient with respect to a model's outputs, operation for operation what the native engine
/// computes (native/src/loss.cpp), so that both start their backward pass from the same bits.
/// </summary>
internal readonly ref struct OutputJudge(LossKind loss, double smoothing, MicroBatch batch, int width)
{
    /// <param name="outputs">[count, width].</param>
    /// <param name="gradient">As long, or empty: not wanted.</param>
    /// <exception cref="RunFaultException">A label that the model has no class for, or none.</exception>
    public ShardResult Judge(ReadOnlySpan<float> outputs, Span<float> gradient)
    {
        if (batch.TargetCount > 0 && loss == LossKind.CrossEntropy)
        {
            throw new RunFaultException(
                "The engine reports: cross-entropy needs class labels, this batch has none");
        }

        double sum = 0;
        int correct = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            var row = outputs.Slice(i * width, width);
            var rowGradient = gradient.IsEmpty ? gradient : gradient.Slice(i * width, width);
            long label = batch.TargetCount > 0 ? -1 : CheckedLabel(i);
            sum += loss == LossKind.CrossEntropy
                ? CrossEntropy(row, label, rowGradient)
                : SquaredError(row, i, label, rowGradient);
            correct += label >= 0 && Largest(row) == label ? 1 : 0;
        }

        return new ShardResult(sum, correct, batch.Count);
    }

    private long CheckedLabel(int sample)
    {
        long label = batch.Labels.Span[sample];
        return label >= 0 && label < width ? label
            : throw new RunFaultException($"The engine reports: sample {sample} of the batch has label "
                + $"{label}, the model has classes 0 to {width - 1}");
    }

    /// <summary>
    /// −Σ q·log p with q = (1 − ε)·onehot + ε/K (Szegedy et al. 2016, section 7); gradient p − q.
    /// </summary>
    private double CrossEntropy(ReadOnlySpan<float> row, long label, Span<float> gradient)
    {
        float top = row[Largest(row)];
        double mass = 0, shiftedSum = 0;
        foreach (float value in row)
        {
            float shifted = value - top;
            mass += MathF.Exp(shifted);
            shiftedSum += shifted;
        }

        double logMass = Math.Log(mass);
        for (int i = 0; i < gradient.Length; i++)
        {
            double target = (i == label ? 1 - smoothing : 0) + smoothing / width;
            gradient[i] = (float)(MathF.Exp(row[i] - top) / mass - target);
        }

        double ofLabel = logMass - (row[(int)label] - top);
        return smoothing == 0 ? ofLabel
            : (1 - smoothing) * ofLabel + smoothing * (logMass - shiftedSum / width);
    }

    /// <summary>The mean over the outputs of one sample.</summary>
    private double SquaredError(ReadOnlySpan<float> row, int sample, long label, Span<float> gradient)
    {
        double scale = 1.0 / width, sum = 0;
        var targets = batch.TargetCount > 0 ? batch.Targets.Slice((long)sample * width, width) : [];
        for (int i = 0; i < row.Length; i++)
        {
            double target = targets.IsEmpty ? (i == label ? 1 : 0) : targets[i];
            double difference = row[i] - target;
            sum += difference * difference;
            if (!gradient.IsEmpty)
            {
                gradient[i] = (float)(2 * difference * scale);
            }
        }

        return sum * scale;
    }

    /// <summary>The first of equals, and a NaN where there is one, as PyTorch's argmax.</summary>
    private static int Largest(ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int i = 1; i < row.Length && !float.IsNaN(row[best]); i++)
        {
            if (row[i] > row[best] || float.IsNaN(row[i]))
            {
                best = i;
            }
        }

        return best;
    }
}

using DistTrain.Core.Datasets;

namespace DistTrain.Data.Tables;

/// <summary>Rows of a table, as inputs already scaled, with class labels or regression targets.</summary>
/// <param name="shape">Of a row.</param>
/// <param name="inputs">[rows × shape].</param>
/// <param name="labels">[rows] classes; null: regression.</param>
/// <param name="targets">[rows]; null: classification.</param>
/// <param name="selection">Sample i is row selection[i]; null: row i.</param>
internal sealed class TableSampleSet(
    SampleShape shape, float[] inputs, long[]? labels, float[]? targets, int[]? selection) : ISampleSet
{
    public int Count => selection?.Length ?? inputs.Length / shape.Length;

    /// <summary>Rows are never augmented.</summary>
    public void Gather(ReadOnlySpan<int> indices, AugmentationKey? augmentation, MicroBatch batch)
    {
        GatherChecks.Require(indices, Count, batch, shape, targets is null ? 0 : 1);
        int length = shape.Length;
        for (int i = 0; i < indices.Length; i++)
        {
            int row = selection is null ? indices[i] : selection[indices[i]];
            inputs.AsSpan(row * length, length).CopyTo(batch.Inputs.Slice((long)i * length, length));
            if (targets is null)
            {
                batch.Labels.Span[i] = labels![row];
            }
            else
            {
                batch.Targets.Span[i] = targets[row];
            }
        }

        batch.Count = indices.Length;
    }
}

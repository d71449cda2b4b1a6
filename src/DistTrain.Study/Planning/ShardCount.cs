namespace DistTrain.Study.Planning;

/// <summary>
/// How many shards a global batch is cut into where the study does not say: one number that serves all worker
/// counts, so that they come to the same bits, and at least two, without which there is no noise scale.
/// </summary>
internal static class ShardCount
{
    /// <returns>A power of two, not above the batch.</returns>
    public static int For(int batch, int mostWorkers)
    {
        int shards = 1;
        while (shards < Math.Max(mostWorkers, 2) && shards * 2 <= batch)
        {
            shards *= 2;
        }

        return shards;
    }
}

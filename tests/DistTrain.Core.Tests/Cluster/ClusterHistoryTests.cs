using DistTrain.Core.Cluster;
using DistTrain.Core.Tests.Cluster.Histories;

namespace DistTrain.Core.Tests.Cluster;

/// <summary>
/// Seeded histories of one coordinator and several nodes under every kind of fault; the hosts check what must
/// hold at every effect, and once faults stop every job must end.
/// </summary>
public sealed class ClusterHistoryTests
{
    [Theory]
    [InlineData(0, 100)]
    [InlineData(100, 200)]
    [InlineData(200, 300)]
    public void Whatever_fails_nothing_is_done_twice_and_every_job_ends_once_faults_stop(int first, int end)
    {
        for (int seed = first; seed < end; seed++)
        {
            try
            {
                new ClusterHistory(seed).Play();
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}: {exception.Message}", exception);
            }
        }
    }
}

using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Core.Jobs.Fields;

/// <summary>What reading one job shares: where faults go, and what defaults may depend on.</summary>
/// <param name="File">Stands for the job file where a fault has no line.</param>
/// <param name="Problems">Faults.</param>
/// <param name="Warnings">What is harmless but was probably not meant.</param>
/// <param name="Workers">Workers the job would start with.</param>
/// <param name="MostWorkers">Workers it may come to use where it does not say.</param>
internal sealed record ReadContext(
    Origin File, ProblemList Problems, List<string> Warnings, int Workers, int MostWorkers);

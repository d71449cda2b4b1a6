using System.Runtime.CompilerServices;
using DistTrain.Core.Jobs;

namespace DistTrain.Core.Tests.Jobs;

/// <summary>Short ways to read jobs in tests.</summary>
internal static class JobTexts
{
    public const int Workers = 3;

    /// <summary>The job of the introduction: every section in use.</summary>
    public const string Full =
        """
        {
          "name": "mnist-mlp",
          "model": { "preset": "mlp", "hidden": [512, 256] },
          "dataset": { "name": "mnist", "validation": 5000, "standardize": true },
          "batch": { "global": 256, "shards": 8 },
          "epochs": 5,
          "optimizer": { "name": "sgd", "momentum": 0.9, "nesterov": true, "weightDecay": 1e-4 },
          "learningRate": {
            "base": 0.05, "referenceBatch": 64, "scaling": "linear", "warmupEpochs": 1,
            "schedule": { "name": "cosine" }
          },
          "clipNorm": 5,
          "earlyStopping": { "metric": "validation.loss", "patience": 3, "minDelta": 0, "restoreBest": true },
          "aggregation": "coordinator",
          "workers": { "min": 1, "max": 8 },
          "threads": 1,
          "checkpoint": { "everyEpochs": 1, "everySteps": 100, "keep": 3 },
          "maxSkippedSteps": 5,
          "seed": 1
        }
        """;

    public static JobSpec Read(string? json, params JobOverride[] overrides)
        => JobReader.Read(json, "job.json", overrides, Workers);

    public static IReadOnlyList<string> Problems(string? json, params JobOverride[] overrides)
        => Should.Throw<UserFaultException>(() => Read(json, overrides)).Problems;

    /// <summary>The only problem of a job.</summary>
    public static string Problem(string? json, params JobOverride[] overrides)
        => Problems(json, overrides).ShouldHaveSingleItem();

    public static IReadOnlyList<string> Warnings(string? json, params JobOverride[] overrides)
    {
        var lines = new List<string>();
        JobReader.Read(json, "job.json", overrides, Workers, lines.Add);
        return lines;
    }

    /// <summary>A file of the repository, found from this source file.</summary>
    public static string RepositoryPath(string relative, [CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", relative));
}

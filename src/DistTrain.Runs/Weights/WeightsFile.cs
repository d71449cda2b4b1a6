using DistTrain.Core;
using DistTrain.Core.Memory;
using DistTrain.Core.Models;
using DistTrain.Runs.Checkpoints;
using DistTrain.Runs.Storage;
using DistTrain.Runs.Tensors;

namespace DistTrain.Runs.Weights;

/// <summary>
/// <c>weights.safetensors</c>: a trained model's parameters and buffers by name, for this program and any
/// other that reads safetensors. The metadata holds the effective job ("job") and the fingerprint
/// ("weightsSha256").
/// </summary>
public static class WeightsFile
{
    private const string HashKey = "weightsSha256";

    /// <summary>Writes the file, atomically.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="layout">Names and shapes.</param>
    /// <param name="parameters">TotalCount elements.</param>
    /// <param name="jobJson">The effective job.</param>
    /// <exception cref="RunFaultException">The file cannot be written; a previous one is
    /// untouched.</exception>
    public static void Write(
        string path, ParameterLayout layout, NativeBuffer<float> parameters, string jobJson)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            ["job"] = jobJson,
            [HashKey] = WeightsHash.Compute(parameters, layout.TotalCount),
        };
        try
        {
            Safetensors.Write(path, [.. CheckpointTensors.ModelViews(layout, parameters)], metadata);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw AtomicFile.Fault(path, e);
        }
    }

    /// <summary>
    /// Fills <paramref name="parameters"/> from a weights file, or from any file with these tensors.
    /// </summary>
    /// <exception cref="UserFaultException">It is missing, damaged, or belongs to another model.</exception>
    public static void Read(string path, ParameterLayout layout, NativeBuffer<float> parameters)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        IReadOnlyList<TensorView> views = [.. CheckpointTensors.ModelViews(layout, parameters)];
        foreach (TensorView view in views)
        {
            LayoutMatch.Check(file, view);
        }

        foreach (TensorView view in views)
        {
            file.Read(file.Find(view.Name)!, view.Buffer, view.Offset);
        }

        if (file.Metadata.TryGetValue(HashKey, out string? hash)
            && hash != WeightsHash.Compute(parameters, layout.TotalCount))
        {
            throw new UserFaultException(
                $"{path} is damaged: its tensors do not match the {HashKey} it carries");
        }
    }
}

using DistTrain.Core;
using DistTrain.Runs.Tensors;

namespace DistTrain.Runs.Checkpoints;

/// <summary>
/// Does a file hold what this model needs? The first difference is told in the user's terms.
/// </summary>
internal static class LayoutMatch
{
    /// <exception cref="UserFaultException">The tensor is missing or has another shape or type.</exception>
    public static void Check(SafetensorsFile file, TensorView wanted)
    {
        string shape = "[" + string.Join(", ", wanted.Shape) + "]";
        if (file.Find(wanted.Name) is not { } entry)
        {
            throw new UserFaultException(
                $"{file.FilePath} has no tensor '{wanted.Name}' {shape}, which this job needs: "
                + "it was saved for another model or optimizer");
        }

        if (entry.ShapeText != shape || entry.Type != "F32")
        {
            throw new UserFaultException(
                $"{file.FilePath}: tensor '{entry.Name}' is {entry.ShapeText} {entry.Type} where this job "
                    + $"needs "
                + $"{shape} F32: it was saved for another model");
        }
    }

    /// <exception cref="UserFaultException">The file holds a tensor that the job has no place
    /// for.</exception>
    public static void CheckNothingElse(SafetensorsFile file, IReadOnlyList<TensorView> wanted)
    {
        if (file.Tensors.Count == wanted.Count)
        {
            return;
        }

        HashSet<string> names = wanted.Select(view => view.Name).ToHashSet(StringComparer.Ordinal);
        SafetensorsEntry extra = file.Tensors.First(entry => !names.Contains(entry.Name));
        throw new UserFaultException(
            $"{file.FilePath} holds tensor '{extra.Name}' {extra.ShapeText}, which this job has no place "
                + $"for: "
            + "it was saved for another model or optimizer");
    }
}

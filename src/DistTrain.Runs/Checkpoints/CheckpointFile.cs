using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using DistTrain.Core;
using DistTrain.Core.Coordination;
using DistTrain.Runs.Tensors;

namespace DistTrain.Runs.Checkpoints;

/// <summary>What a checkpoint gave back besides tensors.</summary>
/// <param name="Path">The file it came from.</param>
/// <param name="Progress">Where to go on.</param>
/// <param name="JobJson">The effective job it was made by.</param>
public sealed record LoadedCheckpoint(string Path, TrainingProgress Progress, string JobJson);

/// <summary>
/// One checkpoint: a safetensors file whose metadata carries the progress, the job and two checksums. The
/// first covers the tensors' bytes, the second everything else, so that no flipped bit can be resumed from
/// unnoticed.
/// </summary>
internal static class CheckpointFile
{
    private const string Kind = "disttrain.checkpoint";
    private const string Version = "1";

    public static void Write(
        string path, TrainingProgress progress, CheckpointTensors tensors, string jobJson)
    {
        IReadOnlyList<TensorView> views = tensors.Views;
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["format"] = "pt",
            ["kind"] = Kind,
            ["version"] = Version,
            ["step"] = progress.Step.ToString(CultureInfo.InvariantCulture),
            ["progress"] = ProgressJson.Write(progress),
            ["job"] = jobJson,
            ["dataSha256"] = Safetensors.HashData(views),
        };
        long offset = 0;
        var entries = new List<SafetensorsEntry>(views.Count);
        foreach (TensorView view in views)
        {
            entries.Add(new SafetensorsEntry(
                view.Name, "F32", [.. view.Shape.Select(d => (long)d)], offset, view.ByteLength));
            offset += view.ByteLength;
        }

        metadata["headerSha256"] = HeaderHash(metadata, entries);
        Safetensors.Write(path, views, metadata);
    }

    /// <summary>Opens a checkpoint and checks every byte of it.</summary>
    /// <exception cref="UserFaultException">It is missing, damaged, or not a checkpoint.</exception>
    public static SafetensorsFile OpenVerified(string path, out LoadedCheckpoint contents)
    {
        SafetensorsFile file = SafetensorsFile.Open(path);
        try
        {
            contents = Verify(file);
            return file;
        }
        catch (FormatException e)
        {
            file.Dispose();
            throw new UserFaultException($"{path} is damaged: {e.Message}", e);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Fills the target's buffers from a verified file.</summary>
    /// <exception cref="UserFaultException">The model or optimizer is not the one that was saved.</exception>
    public static void Fill(SafetensorsFile file, CheckpointTensors target)
    {
        IReadOnlyList<TensorView> views = target.Views;
        foreach (TensorView view in views)
        {
            LayoutMatch.Check(file, view);
        }

        LayoutMatch.CheckNothingElse(file, views);
        foreach (TensorView view in views)
        {
            file.Read(file.Find(view.Name)!, view.Buffer, view.Offset);
        }
    }

    private static LoadedCheckpoint Verify(SafetensorsFile file)
    {
        string version = Field(file, "version");
        if (Field(file, "kind") != Kind || version != Version)
        {
            throw new UserFaultException(
                $"{file.FilePath} is not a checkpoint of version {Version} but '{Field(file, "kind")}' "
                    + $"{version}; "
                + "it may come from a newer release");
        }

        if (Field(file, "headerSha256") != HeaderHash(file.Metadata, file.Tensors))
        {
            throw new FormatException("its header does not match its checksum");
        }

        if (Field(file, "dataSha256") != file.HashData())
        {
            throw new FormatException("its tensors do not match their checksum");
        }

        return new LoadedCheckpoint(
            file.FilePath, ProgressJson.Read(Field(file, "progress")), Field(file, "job"));
    }

    private static string Field(SafetensorsFile file, string key)
        => file.Metadata.GetValueOrDefault(key)
            ?? throw new UserFaultException(
                $"{file.FilePath} is not a checkpoint: it has no '{key}' in its metadata");

    /// <summary>
    /// Over all metadata but the hash itself, and over every tensor's name, type, shape and place.
    /// </summary>
    private static string HeaderHash(
        IReadOnlyDictionary<string, string> metadata, IReadOnlyList<SafetensorsEntry> entries)
    {
        var text = new StringBuilder();
        foreach ((string key, string value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (key != "headerSha256")
            {
                text.Append(key).Append('\0').Append(value).Append('\0');
            }
        }

        foreach (SafetensorsEntry entry in entries.OrderBy(entry => entry.Name, StringComparer.Ordinal))
        {
            text.Append(entry.Name).Append('\0').Append(entry.Type).Append(entry.ShapeText)
                .Append(entry.Offset).Append('\0');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}

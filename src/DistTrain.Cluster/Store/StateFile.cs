using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Runs.Storage;

namespace DistTrain.Cluster.Store;

/// <summary>
/// Small JSON files that a restart depends on. Each is replaced as a whole and durably, so a crash leaves the
/// old one or the new one; one that cannot be read was damaged by something else, and is a fault that names
/// it rather than a guess.
/// </summary>
internal static class StateFile
{
    /// <summary>null: there is none.</summary>
    /// <exception cref="UserFaultException">It is there and cannot be read.</exception>
    public static T? Read<T>(string path) where T : class
    {
        try
        {
            byte[] bytes = File.ReadAllBytes(path);
            return (T?)JsonSerializer.Deserialize(bytes, typeof(T), StoreJsonContext.Default)
                ?? throw new JsonException("it holds null");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException(
                $"{path} is damaged or cannot be read: {e.Message.ReplaceLineEndings(" ").TrimEnd('.')}; "
                + "restore it from a backup, or move it out of the state directory", e);
        }
    }

    /// <summary>It is on the disk when this returns.</summary>
    /// <exception cref="RunFaultException">It cannot be written; the old one is untouched.</exception>
    public static void Write<T>(string path, T value)
    {
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(value, typeof(T), StoreJsonContext.Default);
        AtomicFile.ReplaceText(path, Encoding.UTF8.GetString(bytes) + "\n");
    }
}

/// <summary>What the store writes, generated at compile time.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n",
    UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClusterIdentity))]
[JsonSerializable(typeof(StoredRecord))]
internal sealed partial class StoreJsonContext : JsonSerializerContext;

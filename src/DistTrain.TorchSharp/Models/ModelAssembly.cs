using System.Reflection;
using System.Runtime.Loader;
using DistTrain.Core;

namespace DistTrain.TorchSharp.Models;

/// <summary>
/// A user's assembly in a load context of its own: what it brings beside it stays apart from this program's
/// assemblies, except TorchSharp, whose types both must share. Files are read whole, so that a compiler may
/// write them anew while they are in use.
/// </summary>
internal sealed class ModelAssembly : AssemblyLoadContext
{
    private static readonly AssemblyName Shared = typeof(torch).Assembly.GetName();
    private readonly AssemblyDependencyResolver _resolver;

    private ModelAssembly(string path) : base(Path.GetFileName(path))
        => _resolver = new AssemblyDependencyResolver(path);

    /// <summary>The type that a model is made of.</summary>
    /// <param name="path">The assembly's file.</param>
    /// <param name="type">Full name.</param>
    /// <exception cref="UserFaultException">There is none, or it is no module.</exception>
    public static Type TypeOf(string path, string type)
    {
        Assembly assembly = Open(path);
        Require(assembly, path);
        Type? found = UserCode.Run(path, () => assembly.GetType(type));
        Type module = typeof(nn.Module<Tensor, Tensor>);
        if (found is null)
        {
            string[] others = [.. UserCode.Run(path, assembly.GetExportedTypes)
                .Where(other => module.IsAssignableFrom(other) && !other.IsAbstract)
                .Select(other => other.FullName!)];
            string known = others.Length == 0 ? "no module at all" : string.Join(", ", others);
            throw new UserFaultException($"{path}: has no type {type}; it has {known}");
        }

        return module.IsAssignableFrom(found) && !found.IsAbstract ? found
            : throw new UserFaultException(
                $"{path}: {type} is no model; it must be a class that derives from "
                + "torch.nn.Module<Tensor, Tensor>");
    }

    protected override Assembly? Load(AssemblyName assemblyName)
        => assemblyName.Name != Shared.Name && _resolver.ResolveAssemblyToPath(assemblyName) is { } path
            ? LoadWhole(path) : null;

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName)
        => _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } path
            ? LoadUnmanagedDllFromPath(path) : IntPtr.Zero;

    private static Assembly Open(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserFaultException($"{path}: there is no such file");
        }

        try
        {
            return new ModelAssembly(Path.GetFullPath(path)).LoadWhole(path);
        }
        catch (Exception fault) when (fault is BadImageFormatException or FileLoadException)
        {
            throw new UserFaultException($"{path}: is no .NET assembly, or one for a later .NET", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{path}: cannot be read: {fault.Message}", fault);
        }
    }

    private Assembly LoadWhole(string path)
    {
        using var bytes = new MemoryStream(File.ReadAllBytes(path));
        return LoadFromStream(bytes);
    }

    private static void Require(Assembly assembly, string path)
    {
        var used = Array.Find(assembly.GetReferencedAssemblies(), other => other.Name == Shared.Name);
        if (used is not null && used.Version != Shared.Version)
        {
            throw new UserFaultException(
                $"{path}: was built against TorchSharp {used.Version}, this program has {Shared.Version}; "
                + "build it against that");
        }
    }
}

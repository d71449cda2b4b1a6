using System.Reflection;
using System.Reflection.Emit;

namespace DistTrain.TorchSharp.Tests.Models;

/// <summary>Assemblies that refer to others which are not there, written by the tests.</summary>
internal static class MissingParts
{
    public const string Type = "Needy";

    /// <summary>A module whose constructor calls into another assembly.</summary>
    public static void WriteModule(string path, string missing)
    {
        var absent = new PersistedAssemblyBuilder(new AssemblyName(missing), typeof(object).Assembly);
        TypeBuilder elsewhere = absent.DefineDynamicModule(missing).DefineType("Elsewhere", Open);
        MethodBuilder help = elsewhere.DefineMethod("Help", MethodAttributes.Public | MethodAttributes.Static);
        help.GetILGenerator().Emit(OpCodes.Ret);
        elsewhere.CreateType();

        var (assembly, type) = Begin(path, typeof(Plain));
        ILGenerator body = type.DefineConstructor(
            MethodAttributes.Public, CallingConventions.HasThis, []).GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Call, typeof(Plain).GetConstructor([])!);
        body.Emit(OpCodes.Call, help);
        body.Emit(OpCodes.Ret);
        type.CreateType();
        assembly.Save(path);
    }

    /// <summary>A type that was built against another version of TorchSharp.</summary>
    public static void WriteForeign(string path, Version version)
    {
        var other = new PersistedAssemblyBuilder(
            new AssemblyName("TorchSharp") { Version = version }, typeof(object).Assembly);
        TypeBuilder parent = other.DefineDynamicModule("TorchSharp").DefineType("Parent", Open);
        parent.DefineDefaultConstructor(MethodAttributes.Public);
        parent.CreateType();
        var (assembly, type) = Begin(path, parent);
        type.DefineDefaultConstructor(MethodAttributes.Public);
        type.CreateType();
        assembly.Save(path);
    }

    private const TypeAttributes Open = TypeAttributes.Public | TypeAttributes.Class;

    private static (PersistedAssemblyBuilder Assembly, TypeBuilder Type) Begin(string path, Type parent)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(name), typeof(object).Assembly);
        return (assembly, assembly.DefineDynamicModule(name).DefineType(Type, Open, parent));
    }
}

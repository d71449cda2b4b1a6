using System.Reflection;
using DistTrain.Core;

namespace DistTrain.TorchSharp.Models;

/// <summary>Runs code that a user wrote: whatever it throws is a fault of what the user gave.</summary>
internal static class UserCode
{
    /// <param name="who">Begins the message.</param>
    /// <param name="work">Calls the user's code.</param>
    /// <exception cref="UserFaultException">It threw; one line says what.</exception>
    public static T Run<T>(string who, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (fault is not DistTrainException)
        {
            throw new UserFaultException($"{who}: {Say(fault)}", fault);
        }
    }

    /// <summary>A fault in one line, without what reflection and libtorch put around it.</summary>
    public static string Say(Exception fault)
    {
        while (fault is TargetInvocationException or TypeInitializationException
            && fault.InnerException is { } inner)
        {
            fault = inner;
        }

        return fault switch
        {
            FileNotFoundException { FileName: { } missing } =>
                $"needs the assembly {new AssemblyName(missing).Name}, which is not beside it",
            _ => fault.Message.Split('\n')[0].TrimEnd(),
        };
    }
}

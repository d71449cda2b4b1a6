using System.CommandLine;
using DistTrain.Compare;
using DistTrain.Core;

try
{
    var ownHandler = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
    return await CommandLine.Create().Parse(args).InvokeAsync(ownHandler);
}
catch (DistTrainException fault)
{
    Console.Error.WriteLine($"bench: {fault.Message}");
    return fault is UserFaultException ? 2 : 1;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("bench: interrupted");
    return 130;
}

using System.CommandLine;
using DistTrain.Cli.Commands;
using DistTrain.Core;

namespace DistTrain.Cli;

/// <summary>
/// The program's grammar and its exit codes: 0 done, 1 the run failed, 2 the user's input is wrong, 130 and
/// 143 interrupted. Results go to stdout, everything else to stderr.
/// </summary>
public static class CommandLine
{
    public const int RunFailed = 1;
    public const int UserFault = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand(
            "Train neural networks data-parallel, to the same bits from any number of workers.")
        {
            TrainCommand.Create(),
            DataCommand.Create(),
        };
        ParseResult parsed = root.Parse(args);
        IReadOnlyList<string> problems = CommandLineFaults.Of(parsed);
        if (problems.Count > 0)
        {
            foreach (string problem in problems)
            {
                Complain(problem);
            }
            return UserFault;
        }
        return await GuardAsync(() => parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Signals are the run's own business: it finishes the step and saves.
            ProcessTerminationTimeout = null,
        }));
    }

    private static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (UserFaultException fault)
        {
            foreach (string problem in fault.Problems)
            {
                Complain(problem);
            }
            return UserFault;
        }
        catch (RunFaultException fault)
        {
            Complain(fault.Message);
            return RunFailed;
        }
        catch (OutOfMemoryException)
        {
            Complain("there is not enough memory; fewer workers, a smaller batch or model need less");
            return RunFailed;
        }
    }

    private static void Complain(string message) => Console.Error.WriteLine($"disttrain: {message}");
}

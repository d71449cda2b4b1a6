using System.CommandLine;
using DistTrain.Core;

namespace DistTrain.Cli;

/// <summary>
/// The program's grammar and its exit codes: 0 done, 1 the run failed, 2 the user's input is wrong, 130 and
/// 143 interrupted. Results go to stdout, everything else to stderr.
/// </summary>
internal static class CommandLine
{
    public const int RunFailed = 1;
    public const int UserFault = 2;

    public static async Task<int> RunAsync(string[] args, CommandContext context)
    {
        ParseResult parsed = Grammar.For(context, args).Parse(args);
        IReadOnlyList<string> problems = CommandLineFaults.Of(parsed);
        if (problems.Count > 0)
        {
            foreach (string problem in problems)
            {
                Complain(problem, context);
            }
            return UserFault;
        }
        return await GuardAsync(context, () => parsed.InvokeAsync(new InvocationConfiguration
        {
            Output = context.Output,
            Error = context.Errors,
            EnableDefaultExceptionHandler = false,
            // Signals are the run's own business: it finishes the step and saves.
            ProcessTerminationTimeout = null,
        }));
    }

    private static async Task<int> GuardAsync(CommandContext context, Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (UserFaultException fault)
        {
            foreach (string problem in fault.Problems)
            {
                Complain(problem, context);
            }
            return UserFault;
        }
        catch (DistTrainException fault)
        {
            Complain(fault.Message, context);
            return RunFailed;
        }
        catch (OutOfMemoryException)
        {
            Complain("there is not enough memory; fewer workers, a smaller batch or model need less",
                context);
            return RunFailed;
        }
    }

    private static void Complain(string message, CommandContext context)
        => context.Errors.WriteLine($"disttrain: {message}");
}

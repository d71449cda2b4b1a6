using System.CommandLine;
using System.Globalization;
using DistTrain.Compare.ClusterRuns;
using DistTrain.Compare.ControlPlane;
using DistTrain.Compare.Exchange;
using DistTrain.Compare.Metrics;
using DistTrain.Compare.Pauses;
using DistTrain.Compare.Processes;
using DistTrain.Compare.Scaling;
using DistTrain.Compare.SingleMachine;
using DistTrain.Core;

namespace DistTrain.Compare;

/// <summary>
/// The sections of the comparison as commands, and the parts that processes of its own play.
/// </summary>
internal static class CommandLine
{
    private static readonly Option<string?> Only = new("--only")
    {
        Description = "Only cases whose name contains this, e.g. mlp:64, cnn or exchange:2MB.",
        Recursive = true,
    };

    private static readonly Option<int> Rounds = new("--rounds")
    {
        Description = "Times each side of a case is measured, in turn.",
        DefaultValueFactory = _ => 3,
        Recursive = true,
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "A line of JSON per case besides the tables.",
        Recursive = true,
    };

    private static readonly Option<bool> Write = new("--write")
    {
        Description = "Put tables and plots into docs/benchmarks as well.",
        Recursive = true,
    };

    private static readonly Option<string?> Program = new("--program")
    {
        Description = "The program that clusters are made of; else artifacts/disttrain/disttrain.",
        Recursive = true,
    };

    private sealed record Section(string Name, string Description, Func<Bench, Task> RunAsync);

    private static readonly Section[] Sections =
    [
        new("single", "One process beside PyTorch and its DDP over Gloo.", Comparison.RunAsync),
        new(ClusterSection.Name, "A coordinator and worker processes beside PyTorch DDP over Gloo.",
            ClusterSection.RunAsync),
        new(ExchangeSection.Name, "Gradients in and weights out, beside bare sockets and Gloo.",
            ExchangeSection.RunAsync),
        new(PauseSection.Name, "How long a job stands still when a worker dies or hangs.",
            PauseSection.RunAsync),
        new(GrowthSection.Name, "Step time as worker nodes are added; 16 worker processes.", async bench =>
        {
            await GrowthSection.RunAsync(bench);
            await ManyProcessesSection.RunAsync(bench);
        }),
        new(ControlSection.Name, "A control message there and back, on own hosts and on Akka.NET's.",
            ControlSection.RunAsync),
        new(MetricsSection.Name, "What metrics cost a run, with them and without by turns.",
            MetricsSection.RunAsync),
    ];

    public static RootCommand Create()
    {
        var root = new RootCommand(
            "DistTrain beside PyTorch on this machine; without a section, all of them.")
        {
            Only, Rounds, Json, Write, Program,
        };
        root.SetAction((parsed, stop) => RunAsync(parsed, Sections, stop));
        foreach (Section section in Sections)
        {
            var command = new Command(section.Name, section.Description);
            command.SetAction((parsed, stop) => RunAsync(parsed, [section], stop));
            root.Subcommands.Add(command);
        }
        Command[] roles =
            [.. OwnRoles(), .. ExchangeRoles.Commands(), GrowthSection.Role(), MetricsSection.Role()];
        foreach (Command role in roles)
        {
            root.Subcommands.Add(role);
        }
        return root;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Section[] sections, CancellationToken stop)
    {
        using var children = new Children(stop);
        var bench = new Bench(
            parsed.GetValue(Only), parsed.GetValue(Rounds), parsed.GetValue(Json), parsed.GetValue(Write),
            parsed.GetValue(Program), children);
        if (bench.Rounds < 1)
        {
            throw new UserFaultException("--rounds: must be 1 or more");
        }
        if (bench.Write && bench.Only is not null)
        {
            throw new UserFaultException("--write: writes whole tables; leave out --only");
        }
        foreach (Section section in sections)
        {
            await section.RunAsync(bench);
        }
        return bench.Measured > 0 || bench.Only is null
            ? 0
            : throw new UserFaultException(
                $"--only {bench.Only}: no case was measured that has it in its name");
    }

    private static IEnumerable<Command> OwnRoles()
    {
        var one = new Command("one", "Measure one case in this process and print a line of JSON.")
        {
            Hidden = true,
        };
        var fields = new Argument<string[]>("model batch workers steps") { Arity = new ArgumentArity(4, 4) };
        one.Arguments.Add(fields);
        one.SetAction(async (parsed, _) =>
        {
            string[] given = parsed.GetValue(fields)!;
            int Number(int index) => int.Parse(given[index], CultureInfo.InvariantCulture);
            Measurement measured =
                await OwnRun.MeasureAsync(new Case(given[0], Number(1), Number(2), Number(3), 0));
            Console.WriteLine(measured.ToJson());
            return 0;
        });
        yield return one;
        var mnist = new Command("mnist", "Measure an epoch of MNIST in this process.") { Hidden = true };
        mnist.SetAction(async (_, _) =>
        {
            Console.WriteLine((await OwnRun.MeasureMnistAsync(Case.Mnist)).ToJson());
            return 0;
        });
        yield return mnist;
    }
}

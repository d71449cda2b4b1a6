using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DistTrain.Compare.Processes;
using DistTrain.Compare.Reporting;

namespace DistTrain.Compare.Scaling;

/// <summary>
/// What a step takes as worker nodes are added, when gradients cost nothing: a process of this program for
/// each number of nodes, so that none inherits another's heap and threads.
/// </summary>
internal static class GrowthSection
{
    public const string Name = "scaling";
    public const string Picture = "scaling.svg";
    private const string RoleName = "nodes";

    public static async Task RunAsync(Bench bench)
    {
        GrowthCase[] cases = bench.Chosen(GrowthCase.All, one => one.Name);
        if (cases.Length == 0)
        {
            return;
        }
        List<(GrowthCase Case, double[] Milliseconds)> curves = [];
        foreach (GrowthCase one in cases)
        {
            double[] milliseconds = new double[GrowthCase.Workers.Count];
            foreach ((int i, int workers) in GrowthCase.Workers.Index())
            {
                bench.Progress($"{one.Name}: {workers} workers");
                milliseconds[i] = await MeasureAsync(bench, one, workers);
            }
            curves.Add((one, milliseconds));
            var figures = new JsonObject();
            foreach ((int i, int workers) in GrowthCase.Workers.Index())
            {
                figures[$"{workers}"] = milliseconds[i];
            }
            bench.Case(one.Name, figures);
        }
        bench.Table(Name, "Milliseconds a step as worker nodes are added", Text(curves));
        if (bench.Write)
        {
            Page.WritePicture(Picture, GrowthPlot.Render(curves));
        }
    }

    /// <summary>The part that a process of its own plays.</summary>
    public static Command Role()
    {
        var numbers = new Argument<int[]>("workers hidden steps") { Arity = new ArgumentArity(3, 3) };
        var command = new Command(RoleName, "Worker nodes in one process.") { Arguments = { numbers } };
        command.Hidden = true;
        command.SetAction(async (parsed, _) =>
        {
            Orphans.EndWithStdin();
            int[] given = parsed.GetValue(numbers)!;
            Console.WriteLine(await NodesInProcess.MeasureAsync(given[0], given[1], given[2]));
            return 0;
        });
        return command;
    }

    private static async Task<double> MeasureAsync(Bench bench, GrowthCase one, int workers)
    {
        List<double> rounds = [];
        for (int round = 0; round < bench.Rounds; round++)
        {
            await using var child = new Child(
                bench.Children, $"{one.Name} with {workers} workers", Environment.ProcessPath!,
                [RoleName, Whole(workers), Whole(one.Hidden), Whole(one.StepsAt(workers))]);
            rounds.Add((double)JsonNode.Parse(await child.LineAsync())!["milliseconds"]!);
        }
        return Spread.Of(rounds).Median;
    }

    private static string Text(List<(GrowthCase Case, double[] Milliseconds)> curves)
    {
        var table = new MarkdownTable(["worker nodes", .. curves.Select(curve => curve.Case.Text)]);
        foreach ((int i, int workers) in GrowthCase.Workers.Index())
        {
            table.Add(
            [
                $"{workers}",
                .. curves.Select(curve
                    => curve.Milliseconds[i].ToString("N2", CultureInfo.InvariantCulture)),
            ]);
        }
        return table.ToString();
    }

    private static string Whole(int number) => number.ToString(CultureInfo.InvariantCulture);
}

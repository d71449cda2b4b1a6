using System.CommandLine;
using System.Globalization;
using DistTrain.Compare;
using DistTrain.Core;

var only = new Option<string?>("--only")
{
    Description = "Only cases whose name contains this, e.g. mlp:64 or cnn.",
};
var rounds = new Option<int>("--rounds")
{
    Description = "Pairs of runs per case.",
    DefaultValueFactory = _ => 3,
};
var json = new Option<bool>("--json") { Description = "A line of JSON per case besides the table." };
var root = new RootCommand("Samples per second of DistTrain and PyTorch DDP over Gloo, side by side.")
{
    only, rounds, json,
};
root.SetAction(parsed
    => Comparison.Run(parsed.GetValue(only), parsed.GetValue(rounds), parsed.GetValue(json)));

var one = new Command("one", "Measure one case in this process and print a line of JSON.") { Hidden = true };
var fields = new Argument<string[]>("model batch workers steps") { Arity = new ArgumentArity(4, 4) };
one.Arguments.Add(fields);
one.SetAction(async (parsed, _) =>
{
    string[] given = parsed.GetValue(fields)!;
    int Number(int index) => int.Parse(given[index], CultureInfo.InvariantCulture);
    Measurement measured = await OwnRun.MeasureAsync(new Case(given[0], Number(1), Number(2), Number(3), 0));
    Console.WriteLine(measured.ToJson());
    return 0;
});
root.Subcommands.Add(one);
var mnist = new Command("mnist", "Measure an epoch of MNIST in this process.") { Hidden = true };
mnist.SetAction(async (_, _) =>
{
    Console.WriteLine((await OwnRun.MeasureMnistAsync(Case.Mnist)).ToJson());
    return 0;
});
root.Subcommands.Add(mnist);
try
{
    var ownHandler = new InvocationConfiguration { EnableDefaultExceptionHandler = false };
    return await root.Parse(args).InvokeAsync(ownHandler);
}
catch (DistTrainException fault)
{
    Console.Error.WriteLine($"bench: {fault.Message}");
    return fault is UserFaultException ? 2 : 1;
}

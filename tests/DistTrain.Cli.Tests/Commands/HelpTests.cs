using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Commands;

public sealed class HelpTests : IDisposable
{
    private static readonly string[] TrainOptions =
    [
        "--dataset", "--data", "--model", "--hidden", "--batch", "--shards", "--epochs", "--workers",
        "--threads", "--optimizer", "--lr", "--scaling", "--reference-batch", "--warmup", "--schedule",
        "--patience", "--validation", "--seed", "--set", "--device", "--engine", "--model-assembly",
        "--model-type", "--out", "--resume", "--json", "--quiet",
    ];

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public void Help_names_the_commands()
    {
        ProgramResult result = Disttrain.Run(_workspace, "--help");
        result.ExitCode.ShouldBe(0);
        result.Errors.ShouldBe("");
        result.Output.ShouldContain("train <JOB.json>");
        result.Output.ShouldContain("data ");
    }

    [Fact]
    public void Help_of_train_names_every_option_with_a_sentence()
    {
        ProgramResult result = Disttrain.Run(_workspace, "train", "--help");
        result.ExitCode.ShouldBe(0);
        foreach (string option in TrainOptions)
        {
            result.OutputLines.Count(line => line.Trim().Split(' ', ',')[0] == option).ShouldBe(1, option);
        }
    }

    [Fact]
    public void Help_of_data_names_its_commands()
    {
        ProgramResult result = Disttrain.Run(_workspace, "data", "--help");
        result.ExitCode.ShouldBe(0);
        foreach (string command in new[] { "list", "get <NAME>", "verify <PATH>" })
        {
            result.Output.ShouldContain($"  {command}");
        }
    }

    [Theory]
    [InlineData("job", "submit <FILE> list status <ID> watch <ID> pause <ID> resume <ID> stop <ID> "
        + "scale <ID> logs <ID> result <ID>")]
    [InlineData("cluster", "status drain <NODE>")]
    [InlineData("job submit", "--watch --quiet --set --json --server --token-file --tls-ca --settings")]
    [InlineData("coordinator", "--listen --http --state --data --token-file --tls-cert --tls-key --insecure "
        + "--heartbeat --suspect-after --remove-after --settings --until-stdin-ends")]
    [InlineData("worker", "--coordinator --device --threads --data --name --token-file --tls-ca --settings")]
    [InlineData("study", "report <DIR> --out --device --workers --dry-run --json --quiet --server "
        + "--token-file --tls-ca --settings")]
    [InlineData("up", "--workers --http --state --data --device --threads")]
    [InlineData("shell", "--server --token-file --tls-ca --settings")]
    public void Help_of_a_command_names_all_it_knows(string command, string names)
    {
        ProgramResult result = Disttrain.Run(_workspace, [.. command.Split(' '), "--help"]);
        result.ExitCode.ShouldBe(0, result.Errors);
        foreach (string name in names.Replace(" <", "<", StringComparison.Ordinal).Split(' '))
        {
            string shown = name.Replace("<", " <", StringComparison.Ordinal);
            result.OutputLines.ShouldContain(line => $"{line} ".StartsWith($"  {shown} "), shown);
        }
    }

    [Theory]
    [InlineData("train --bogus 3", "unknown option --bogus; see disttrain train --help")]
    [InlineData("train --epoch 3", "unknown option --epoch; did you mean \"--epochs\"?")]
    [InlineData("train job.json --worker 3", "unknown option --worker; did you mean \"--workers\"?")]
    [InlineData("train -q", "unknown option -q")]
    [InlineData("train one.json two.json", "one word too many: two.json")]
    [InlineData("train --lr", "--lr")]
    [InlineData("train --set", "--set")]
    [InlineData("train --epochs 1 --epochs 2", "--epochs")]
    [InlineData("train --set epochs", "write it as path=value")]
    [InlineData("train --set optimiser.momentum=0.5", "optimizer.momentum")]
    [InlineData("tran", "unknown command tran; did you mean \"train\"?")]
    [InlineData("clutser status", "unknown command clutser; did you mean \"cluster\"?")]
    [InlineData("worker --token x", "unknown option --token")]
    [InlineData("coordinator --http 80", "--http: must be an address and a port")]
    [InlineData("job list --server http://127.0.0.1:1", "http://127.0.0.1:1: no coordinator answers there")]
    [InlineData("data", "data --help")]
    [InlineData("", "disttrain --help")]
    public void A_command_line_that_makes_no_sense_is_refused_in_one_line(string line, string complaint)
        => Disttrain.Refuse(_workspace, line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ShouldHaveSingleItem().ShouldContain(complaint);
}

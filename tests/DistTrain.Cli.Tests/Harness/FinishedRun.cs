using System.Text.Json;

namespace DistTrain.Cli.Tests.Harness;

/// <summary>The result object of a run and the folder it names.</summary>
internal sealed class FinishedRun
{
    public FinishedRun(ProgramResult result)
    {
        result.OutputLines.Length.ShouldBe(1, result.Output);
        Program = result;
        using JsonDocument document = JsonDocument.Parse(result.LastLine);
        Json = document.RootElement.Clone();
        Folder = new RunFolder(Json.GetProperty("runDirectory").GetString()!);
    }

    public ProgramResult Program { get; }

    public JsonElement Json { get; }

    public RunFolder Folder { get; }

    public string Status => Json.GetProperty("status").GetString()!;

    public string? Hash => Json.GetProperty("weightsSha256").GetString();

    public int Epochs => Json.GetProperty("epochs").GetInt32();

    public int Steps => Json.GetProperty("steps").GetInt32();

    public double Loss(string split) => Json.GetProperty(split).GetProperty("loss").GetDouble();

    public double Accuracy(string split) => Json.GetProperty(split).GetProperty("accuracy").GetDouble();
}

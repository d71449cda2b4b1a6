using DistTrain.Cli.Tests.Harness;

namespace DistTrain.Cli.Tests.Training;

/// <summary>Models that PyTorch has made.</summary>
public sealed class TorchScriptTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    private const string Script = """
        import torch
        from torch import nn
        torch.manual_seed(1)
        torch.jit.script(nn.Sequential(
            nn.Conv2d(1, 4, 5, stride=2), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Dropout(0.2),
            nn.Linear(4 * 12 * 12, 10))).save("model.pt")
        torch.jit.script(nn.Sequential(nn.Flatten(), nn.Linear(99, 10))).save("narrow.pt")
        """;

    private string[] Job =>
    [
        "--dataset", "mnist", "--data", small.Data, "--validation", "80", "--model", "model.pt",
        "--batch", "40", "--shards", "4", "--epochs", "3", "--lr", "0.02", "--scaling", "none",
    ];

    [SkippableFact]
    public void A_scripted_model_learns_and_ends_in_the_same_bits_on_one_and_three_workers()
    {
        Needs.Engine();
        Needs.RunPyTorch(small.Workspace, Script);
        FinishedRun one = Disttrain.Train(small.Workspace, [.. Job, "--workers", "1"]);
        FinishedRun three = Disttrain.Train(small.Workspace, [.. Job, "--workers", "3"]);
        three.Hash.ShouldBe(one.Hash);
        three.Folder.MetricsButTimes.ShouldBe(one.Folder.MetricsButTimes);
        one.Folder.HashTensors("weights.safetensors").ShouldBe(one.Hash);
        IReadOnlyList<double> losses = [.. one.Folder.Metrics("epoch").Select(
            epoch => epoch.GetProperty("train").GetProperty("loss").GetDouble())];
        losses[^1].ShouldBeLessThan(losses[0] / 2);
    }

    [SkippableFact]
    public void A_scripted_model_that_is_damaged_or_does_not_fit_is_refused()
    {
        Needs.Engine();
        Needs.RunPyTorch(small.Workspace, Script);
        byte[] whole = File.ReadAllBytes(small.Workspace.File("model.pt"));
        small.Workspace.Write("half.pt", whole[..(whole.Length / 2)]);
        Disttrain.Refuse(small.Workspace, With("half.pt"))
            .ShouldHaveSingleItem().ShouldContain("it is damaged");
        Disttrain.Refuse(small.Workspace, With("narrow.pt"))
            .ShouldHaveSingleItem().ShouldContain("narrow.pt");
    }

    private string[] With(string model)
        => ["train", "--quiet", .. Job.Select(word => word == "model.pt" ? model : word)];
}

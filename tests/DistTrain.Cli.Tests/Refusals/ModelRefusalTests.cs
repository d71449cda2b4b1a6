using DistTrain.Cli.Tests.Harness;
using DistTrain.Cli.Tests.Training;

namespace DistTrain.Cli.Tests.Refusals;

/// <summary>Models and machines that do not go together with the rest of a job.</summary>
public sealed class ModelRefusalTests(SmallRuns small) : IClassFixture<SmallRuns>
{
    [SkippableTheory]
    [InlineData("""[{"linear":{"out":10}}]""", "put a flatten layer before it")]
    [InlineData("""["flatten",{"linear":{"out":7}}]""", "the data asks for 10 outputs")]
    [InlineData("""[{"conv2d":{"out":4,"kernel":29}},"flatten",{"linear":{"out":10}}]""", "28")]
    [InlineData("""["flatten",{"conv2d":{"out":4,"kernel":3}},{"linear":{"out":10}}]""", "conv2d")]
    [InlineData(
        """["flatten",{"linear":{"out":1048576}},{"linear":{"out":1048576}},{"linear":{"out":10}}]""",
        "GB of memory")]
    public void Layers_that_do_not_fit_the_data_are_refused(string layers, string complaint)
    {
        Needs.Engine();
        string path = small.Workspace.Write("layers.json", layers);
        Refuse("--model", path).ShouldHaveSingleItem().ShouldContain(complaint);
    }

    [SkippableFact]
    public void A_file_that_is_no_TorchScript_is_refused()
    {
        Needs.Engine();
        Refuse("--model", small.Workspace.Write("noise.pt", "not a model")).ShouldHaveSingleItem()
            .ShouldContain("it is damaged or no TorchScript archive");
        Refuse("--model", "nowhere.pt").ShouldHaveSingleItem().ShouldContain("nowhere.pt");
    }

    [SkippableTheory]
    [InlineData("tpu", "device \"tpu\" is not known")]
    [InlineData("cuda:99", "cuda:99")]
    public void A_device_that_is_not_there_is_refused_and_nothing_written(string device, string complaint)
    {
        Needs.Engine();
        Refuse("--model", "softmax", "--device", device).ShouldHaveSingleItem().ShouldContain(complaint);
    }

    [SkippableTheory]
    [InlineData("cuda:0,cuda:0")]
    [InlineData("cpu,cuda:0")]
    [InlineData("cuda:00")]
    public void A_list_of_devices_holds_each_GPU_once(string devices)
    {
        Needs.Engine();
        Refuse("--model", "softmax", "--device", devices).ShouldHaveSingleItem()
            .ShouldContain($"device \"{devices}\" is not known; use \"cpu\", \"cuda:N\" or several GPUs");
    }

    [SkippableTheory]
    [InlineData("fp16")]
    [InlineData("tf32")]
    public void A_precision_that_the_device_has_not_is_refused_and_nothing_written(string precision)
    {
        Needs.Engine();
        Refuse("--model", "softmax", "--precision", precision).ShouldHaveSingleItem().ShouldContain(
            $"precision \"{precision}\": cpu does not compute with it; use one of float32, bf16");
    }

    private string[] Refuse(params string[] more) => Disttrain.Refuse(small.Workspace,
        ["train", "--quiet", "--dataset", "mnist", "--data", small.Data, "--validation", "80", .. more]);
}

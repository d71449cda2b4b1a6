namespace DistTrain.Core.Jobs.Fields;

/// <summary>model: a preset, a list of layers, a TorchScript file, or a module in an assembly.</summary>
internal static class ModelFields
{
    private static readonly ChoiceType<string> Preset =
        CommonTypes.Words("softmax", "mlp", "lenet", "cnn", "resnet8", "resnet20");

    private static readonly TextType TypeName = new("a type's full name, such as My.Net", 1024);

    public static Section<JobSpec, ModelSpec> Section { get; } = new(
        "model", "What is trained: a preset, a list of layers, a TorchScript file, or a module of your own.",
        job => job.Model, (job, model) => job with { Model = model });

    private static Condition IsMlp { get; } = Condition.Is("model.preset", Preset, "mlp");

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("preset", Preset, m => m.Preset, (m, v) => m with { Preset = v },
            "A model by name: softmax is linear, cnn has two 5×5 convolutions, resnet8 and resnet20 are for "
            + "CIFAR.") with
        {
            Optional = true, OneOf = "model", Flag = ("--model", "NAME|FILE"),
            Default = FieldDefault.From("mlp, unless layers, torchscript or assembly is given",
                v => v["model.layers"] is null && v["model.torchscript"] is null
                    && v["model.assembly"] is null ? "mlp" : null),
        },
        Section.Field("hidden", new ListType<int>(
                new WholeType<int>(1, 1 << 20), "a list of 1 to 64 hidden sizes, such as [512, 256]", 64),
            m => m.Hidden, (m, v) => m with { Hidden = v },
            "Hidden sizes of the mlp, from input to output.") with
        {
            Unit = "units", Conditions = [IsMlp], Flag = ("--hidden", "N,N"),
            Default = FieldDefault.From("[128]", _ => new[] { 128 }),
        },
        Section.Field("activation", CommonTypes.Words("relu", "tanh", "gelu"),
            m => m.Activation, (m, v) => m with { Activation = v },
            "After every hidden layer of the mlp.") with
        { Conditions = [IsMlp], Default = FieldDefault.Of("relu") },
        Section.Field("dropout", NumberType.Share, m => m.Dropout, (m, v) => m with { Dropout = v },
            "Drop probability before the last layer of a preset (mlp: after every hidden layer).") with
        {
            Conditions = [Condition.Is("model.preset", Preset, "mlp", "lenet", "cnn", "resnet8", "resnet20")],
            Default = FieldDefault.Of(0.0),
        },
        Section.Field("layers", new LayerListType(), m => m.Layers, (m, v) => m with { Layers = v },
            "The model as a list of layers; see below.") with
        { Optional = true, OneOf = "model" },
        Section.Field("torchscript", CommonTypes.Path,
            m => m.TorchScript, (m, v) => m with { TorchScript = v },
            "A TorchScript file, as torch.jit.save writes it.") with
        { Optional = true, OneOf = "model" },
        Section.Field("assembly", CommonTypes.Path, m => m.Assembly, (m, v) => m with { Assembly = v },
            "A .NET assembly with a TorchSharp module of your own; see torchsharp.md.") with
        { Optional = true, OneOf = "model", Flag = ("--model-assembly", "DLL") },
        Section.Field("type", TypeName, m => m.Type, (m, v) => m with { Type = v },
            "The module's type in that assembly, by its full name.") with
        {
            Optional = true, Conditions = [Condition.Present("model.assembly")],
            Flag = ("--model-type", "TYPE"),
        },
    ];
}

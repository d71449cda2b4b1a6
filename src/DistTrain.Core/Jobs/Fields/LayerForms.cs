namespace DistTrain.Core.Jobs.Fields;

/// <summary>One kind of layer as a job writes it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Word">Its name in a job.</param>
/// <param name="Doc">One sentence.</param>
/// <param name="Table">Its fields.</param>
/// <param name="Short">The field that a plain value stands for, as in {"dropout": 0.5}; null: none.</param>
internal sealed record LayerForm(
    LayerKind Kind, string Word, string Doc, FieldTable<LayerSpec> Table, string? Short = null)
{
    /// <summary>Whether the bare name will do.</summary>
    public bool NeedsNothing => Table.Fields.All(f => !f.Required);
}

/// <summary>
/// The layers there are. To add one: a kind, an entry here, its shape in the planner, its forward in the
/// engine.
/// </summary>
internal static class LayerForms
{
    private static readonly Section<LayerSpec, LayerSpec> Layer =
        new("", "", layer => layer, (_, layer) => layer);

    private static readonly Field<LayerSpec> Bias =
        Layer.Field("bias", CommonTypes.Flag, l => l.Bias, (l, v) => l with { Bias = v },
            "Add a trained bias.") with
        { Default = FieldDefault.Of(true) };

    private static readonly Field<LayerSpec> Padding =
        Layer.Field("padding", new WholeType<int>(0, 1024), l => l.Padding, (l, v) => l with { Padding = v },
            "Rows and columns added on every side.") with
        { Unit = "pixels", Default = FieldDefault.Of(0) };

    public static IReadOnlyList<LayerForm> All { get; } =
    [
        Form(LayerKind.Linear, "linear", "y = xWᵀ + b on vectors.", Out("Output features."), Bias),
        Form(LayerKind.Conv2d, "conv2d", "2-D convolution with a square kernel.",
            Out("Output channels."), Kernel(), Stride("1", _ => 1), Padding, Bias),
        Form(LayerKind.BatchNorm2d, "batchnorm2d",
            "Batch normalisation over the samples of a shard (Ioffe and Szegedy 2015; Hoffer et al. 2017).",
            Layer.Field("epsilon", NumberType.Positive, l => l.Epsilon, (l, v) => l with { Epsilon = v },
                "Added to the variance.") with
            { Default = FieldDefault.Of(1e-5) },
            Layer.Field("momentum", NumberType.Decay, l => l.Momentum, (l, v) => l with { Momentum = v },
                "Weight of the newest statistics in the running ones.") with
            { Default = FieldDefault.Of(0.1) }),
        Form(LayerKind.Relu, "relu", "max(0, x)."),
        Form(LayerKind.Tanh, "tanh", "Hyperbolic tangent."),
        Form(LayerKind.Gelu, "gelu", "Gaussian error linear unit, exact (Hendrycks and Gimpel 2016)."),
        Form(LayerKind.Dropout, "dropout", "Sets values to zero while training, keyed by step and shard.",
            Layer.Field("probability", NumberType.Share,
                l => l.Probability, (l, v) => l with { Probability = v }, "Chance of each value.") with
            { Default = FieldDefault.Of(0.5) }) with
        { Short = "probability" },
        Form(LayerKind.MaxPool2d, "maxPool2d",
            "Largest value of each window; padding is at most half the kernel.",
            Kernel(), Stride("kernel", v => v["kernel"]), Padding),
        Form(LayerKind.AvgPool2d, "avgPool2d", "Mean of each window, padding counted as zeros.",
            Kernel(), Stride("kernel", v => v["kernel"]), Padding),
        Form(LayerKind.GlobalAvgPool2d, "globalAvgPool", "Mean of each channel; leaves a vector."),
        Form(LayerKind.Flatten, "flatten", "An image as one vector."),
        Form(LayerKind.Residual, "residual",
            "body(x) + shortcut(x); an activation after the sum is a layer of its own.",
            Layer.Field("body", new LayerListType(), l => l.Body, (l, v) => l with { Body = v },
                "Layers of the branch.") with
            { Required = true },
            Layer.Field("shortcut", new LayerListType(), l => l.Shortcut is [] ? null : l.Shortcut,
                (l, v) => l with { Shortcut = v },
                "Layers of the shortcut; without them it is the identity.") with
            { Optional = true }),
    ];

    public static LayerForm? Find(string word) => All.FirstOrDefault(form => form.Word == word);

    public static LayerForm Of(LayerKind kind) => All.First(form => form.Kind == kind);

    private static LayerForm Form(LayerKind kind, string word, string doc, params Field<LayerSpec>[] fields)
        => new(kind, word, doc, new FieldTable<LayerSpec>([], fields));

    private static Field<LayerSpec> Out(string doc)
        => Layer.Field("out", new WholeType<int>(1, 1 << 20),
            l => l.Out, (l, v) => l with { Out = v }, doc) with
        { Required = true };

    private static Field<LayerSpec> Kernel()
        => Layer.Field("kernel", new WholeType<int>(1, 1024), l => l.Kernel, (l, v) => l with { Kernel = v },
            "Height and width of the window.") with
        { Unit = "pixels", Required = true };

    private static Field<LayerSpec> Stride(string text, Func<IFieldValues, object?> value)
        => Layer.Field("stride", new WholeType<int>(1, 1024), l => l.Stride, (l, v) => l with { Stride = v },
            "Distance between windows.") with
        { Unit = "pixels", Default = FieldDefault.From(text, value) };
}

namespace DistTrain.Core.Jobs.Fields;

/// <summary>optimizer: how a gradient moves the weights.</summary>
internal static class OptimizerFields
{
    public static ChoiceType<OptimizerKind> Name { get; } = new(
        ("sgd", OptimizerKind.Sgd), ("rmsprop", OptimizerKind.RmsProp), ("adam", OptimizerKind.Adam),
        ("adamw", OptimizerKind.AdamW), ("lars", OptimizerKind.Lars), ("lamb", OptimizerKind.Lamb));

    private static readonly Condition Moments =
        Only(OptimizerKind.Adam, OptimizerKind.AdamW, OptimizerKind.Lamb);

    public static Section<JobSpec, OptimizerSpec> Section { get; } = new(
        "optimizer", "How a gradient moves the weights; words and defaults are PyTorch's where it has them.",
        job => job.Optimizer, (job, optimizer) => job with { Optimizer = optimizer });

    public static IReadOnlyList<Field<JobSpec>> All { get; } =
    [
        Section.Field("name", Name, o => o.Kind, (o, v) => o with { Kind = v },
            "sgd (with momentum), rmsprop, adam, adamw (weight decay apart from the gradient), and for large "
            + "batches lars (You et al. 2017) or lamb (You et al. 2019), which give every layer a rate of "
            + "its own by its trust ratio; biases and norms take the rate as it is, without weight "
            + "decay.") with
        { Default = FieldDefault.Of(OptimizerKind.Sgd), Flag = ("--optimizer", "NAME") },
        Section.Field("momentum", NumberType.Share, o => o.Momentum, (o, v) => o with { Momentum = v },
            "Share of the last step's velocity that is kept.") with
        {
            Conditions = [Only(OptimizerKind.Sgd, OptimizerKind.RmsProp, OptimizerKind.Lars)],
            Default = FieldDefault.From("sgd, lars: 0.9, rmsprop: 0",
                v => v["optimizer.name"] is OptimizerKind.Sgd or OptimizerKind.Lars ? 0.9 : 0.0),
        },
        Section.Field("nesterov", CommonTypes.Flag, o => o.Nesterov, (o, v) => o with { Nesterov = v },
            "Nesterov's momentum: look ahead before stepping.") with
        {
            Conditions =
                [Only(OptimizerKind.Sgd, OptimizerKind.Lars), Condition.Positive("optimizer.momentum")],
            Default = FieldDefault.Of(false),
        },
        Section.Field("weightDecay", NumberType.NotNegative,
            o => o.WeightDecay, (o, v) => o with { WeightDecay = v },
            "Pull of every weight towards zero; never scaled with the batch.") with
        {
            Default = FieldDefault.From("0; adamw, lamb: 0.01, lars: 0.0005",
                v => v["optimizer.name"] switch
                {
                    OptimizerKind.AdamW or OptimizerKind.Lamb => 0.01,
                    OptimizerKind.Lars => 0.0005,
                    _ => 0.0,
                }),
        },
        Section.Field("beta1", NumberType.Share, o => o.Beta1, (o, v) => o with { Beta1 = v },
            "Decay of the mean gradient.") with
        { Conditions = [Moments], Default = FieldDefault.Of(0.9) },
        Section.Field("beta2", NumberType.Share, o => o.Beta2, (o, v) => o with { Beta2 = v },
            "Decay of the mean squared gradient.") with
        { Conditions = [Moments], Default = FieldDefault.Of(0.999) },
        Section.Field("alpha", NumberType.Share, o => o.Alpha, (o, v) => o with { Alpha = v },
            "Decay of the mean squared gradient of rmsprop.") with
        { Conditions = [Only(OptimizerKind.RmsProp)], Default = FieldDefault.Of(0.99) },
        Section.Field("epsilon", NumberType.Positive, o => o.Epsilon, (o, v) => o with { Epsilon = v },
            "Added to the root of the mean squared gradient, so that nothing is divided by zero.") with
        {
            Conditions =
            [
                Only(OptimizerKind.RmsProp, OptimizerKind.Adam, OptimizerKind.AdamW, OptimizerKind.Lamb),
            ],
            Default = FieldDefault.From("1e-8; lamb: 1e-6",
                v => v["optimizer.name"] is OptimizerKind.Lamb ? 1e-6 : 1e-8),
        },
        Section.Field("trustCoefficient", NumberType.Positive,
            o => o.TrustCoefficient, (o, v) => o with { TrustCoefficient = v },
            "η of lars' trust ratio η·‖w‖/(‖g‖ + weightDecay·‖w‖): how far one step may move a layer.") with
        { Conditions = [Only(OptimizerKind.Lars)], Default = FieldDefault.Of(0.001) },
    ];

    private static Condition Only(params OptimizerKind[] kinds)
        => Condition.Is("optimizer.name", Name, kinds);
}

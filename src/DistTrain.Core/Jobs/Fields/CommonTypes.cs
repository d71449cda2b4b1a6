namespace DistTrain.Core.Jobs.Fields;

/// <summary>Types that several sections use.</summary>
internal static class CommonTypes
{
    public static BooleanType Flag { get; } = new();

    public static TextType Path { get; } = new("a path", 4096);

    public static ChoiceType<StoppingMetric> Metric { get; } = new(
        ("validation.loss", StoppingMetric.ValidationLoss),
        ("validation.accuracy", StoppingMetric.ValidationAccuracy),
        ("train.loss", StoppingMetric.TrainLoss),
        ("train.accuracy", StoppingMetric.TrainAccuracy));

    /// <summary>A choice whose words stand for themselves.</summary>
    public static ChoiceType<string> Words(params string[] words) => new([.. words.Select(w => (w, w))]);
}

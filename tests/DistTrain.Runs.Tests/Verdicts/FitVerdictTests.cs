using DistTrain.Core.Coordination;
using DistTrain.Runs.Verdicts;

namespace DistTrain.Runs.Tests.Verdicts;

public sealed class FitVerdictTests
{
    private const double NaN = double.NaN;

    public static TheoryData<FitKind, double[], double[]?, double[]?, int> Histories => new()
    {
        { FitKind.TooShort, [], null, null, 10 },
        { FitKind.TooShort, [0.5], [0.4], [0.8], 10 },
        { FitKind.TooShort, [0.5, 0.3], [0.4, 0.35], [0.8, 0.9], 10 },
        { FitKind.Diverged, [NaN], null, null, 10 },
        { FitKind.Diverged, [2.3, 1.0, NaN], [2, 1, 1], null, 10 },
        { FitKind.Diverged, [2.3, 1.0, 0.9], [2, 1, double.PositiveInfinity], null, 10 },
        { FitKind.Diverged, [2.3, 0.4, 0.3, 2.3], [2, 0.5, 0.4, 2.4], [0.1, 0.9, 0.9, 0.1], 10 },
        { FitKind.OverFitting, [0.6, 0.3, 0.2, 0.1, 0.05], [0.5, 0.4, 0.45, 0.5, 0.6], null, 0 },
        { FitKind.OverFitting, [0.6, 0.3, 0.1, 0.03], [0.5, 0.4, 0.5, 0.6], [0.8, 0.9, 0.97, 0.99], 10 },
        { FitKind.StillImproving, [2.0, 1.5, 1.2, 1.0], [1.9, 1.5, 1.3, 1.15], [0.2, 0.3, 0.4, 0.5], 10 },
        { FitKind.StillImproving, [2.0, 1.5, 1.2, 1.0], null, [0.2, 0.3, 0.4, 0.5], 10 },
        { FitKind.UnderFitting, [2.305, 2.303, 2.302, 2.302], [2.303, 2.303, 2.303, 2.303],
            [0.1, 0.1, 0.11, 0.11], 10 },
        { FitKind.UnderFitting, [1.6, 1.45, 1.44, 1.44, 1.44], [1.5, 1.46, 1.45, 1.45, 1.45],
            [0.4, 0.5, 0.5, 0.5, 0.5], 0 },
        { FitKind.UnderFitting, [1.02, 1.0, 0.999, 0.999], [1.01, 1.0, 1.0, 1.0], null, 0 },
        { FitKind.GoodFit, [0.4, 0.1, 0.06, 0.055, 0.05], [0.2, 0.08, 0.071, 0.07, 0.0705],
            [0.9, 0.97, 0.98, 0.98, 0.99], 10 },
        { FitKind.GoodFit, [0.4, 0.1, 0.05, 0.02, 0.01], [0.2, 0.08, 0.0705, 0.07, 0.0705],
            [0.9, 0.97, 0.98, 0.99, 0.99], 10 },
        { FitKind.Unchecked, [0.4, 0.1, 0.0601, 0.06, 0.06], null, [0.9, 0.97, 0.98, 0.98, 0.98], 10 },
    };

    [Theory]
    [MemberData(nameof(Histories))]
    public void Curves_get_the_verdict_they_deserve(
        FitKind kind, double[] train, double[]? validation, double[]? accuracy, int classes)
    {
        FitVerdict verdict = FitVerdict.Judge(History(train, validation, accuracy), classes);
        verdict.Kind.ShouldBe(kind);
        verdict.Headline.ShouldNotBeEmpty();
        verdict.Explanation.ShouldNotBeEmpty();
        verdict.TryNext.ShouldNotBeEmpty();
        (verdict.Figures.Count > 0).ShouldBe(train.Length > 0);
    }

    [Fact]
    public void Over_fitting_names_its_numbers()
    {
        FitVerdict verdict = FitVerdict.Judge(
            History([0.6, 0.3, 0.1, 0.03], [0.5, 0.4, 0.5, 0.6], [0.8, 0.9, 0.97, 0.99]), 10);
        verdict.Explanation.ShouldBe(
            "Validation loss was best in epoch 2 and has risen by 50\u00A0% since, while training loss "
                + "fell on to "
            + "5\u00A0% of it: the model learns its samples by heart. Its accuracy has not suffered: it "
            + "errs no more "
            + "often than before, but more confidently.");
        verdict.Figures.ShouldContain(
            new FitFigure("validation loss, best → last", "0.4000 (epoch 2) → 0.6000"));
    }

    [Fact]
    public void A_rise_of_one_epoch_is_taken_for_noise()
        => FitVerdict.Judge(History([0.6, 0.3, 0.2, 0.1], [0.5, 0.41, 0.4, 0.43], null))
            .Kind.ShouldNotBe(FitKind.OverFitting);

    [Fact]
    public void Regularised_training_above_validation_is_not_over_fitting()
        => FitVerdict.Judge(History([0.9, 0.8, 0.7, 0.65, 0.6], [0.5, 0.4, 0.41, 0.42, 0.43], null))
            .Kind.ShouldNotBe(FitKind.OverFitting);

    [Fact]
    public void Chance_is_named_where_the_classes_are_known()
        => FitVerdict.Judge(History([2.305, 2.303, 2.302], [2.303, 2.303, 2.303], [0.1, 0.1, 0.11]), 10)
            .Explanation.ShouldContain("near chance (10\u00A0%)");

    [Fact]
    public void Nothing_breaks_on_any_numbers()
    {
        double[] odd = [NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -1, 1e-320, 1e308, 0.5];
        var random = new Random(1);
        for (int round = 0; round < 3000; round++)
        {
            double[] Any() => [.. Enumerable.Range(0, round % 9).Select(_ => odd[random.Next(odd.Length)])];
            FitVerdict verdict = FitVerdict.Judge(
                History(Any(), round % 2 == 0 ? Any() : null, Any()), round % 3);
            verdict.Explanation.ShouldNotBeEmpty();
        }
    }

    private static List<EpochMetrics> History(double[] train, double[]? validation, double[]? accuracy)
        => [.. train.Select((loss, i) => new EpochMetrics(
            i + 1, (i + 1) * 10, new(loss, accuracy?[i], 100),
            validation is null ? null : new(validation[i], accuracy?[i], 10), 0.1, TimeSpan.FromSeconds(1),
                100, i == 0))];
}

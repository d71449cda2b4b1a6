using DistTrain.Core.Coordination;
using DistTrain.Runs.Reports;

namespace DistTrain.Runs.Verdicts;

/// <summary>
/// The rules of a verdict, tried in this order; thresholds are relative, for losses have no common scale:
/// <list type="number">
/// <item>diverged: the last loss is not finite, or training loss is twice its best and above half its
/// first;</item>
/// <item>too short: fewer than 3 epochs;</item>
/// <item>over-fitting: validation loss at least 5 % above its best for two epochs or more, while training
/// loss has fallen on and lies below 0.8 of validation loss;</item>
/// <item>still improving: the best loss is one of the last two, and it fell by 1 % an epoch or more over the
/// last quarter of the run (2 to 5 epochs);</item>
/// <item>under-fitting: training accuracy near chance or below 75 %, or, where there is no accuracy, a
/// training loss less than 20 % below its first epoch's; and validation within 25 % of training;</item>
/// <item>a good fit otherwise, if there was a validation set to say so.</item>
/// </list>
/// </summary>
internal sealed class FitJudge
{
    private readonly IReadOnlyList<EpochMetrics> _history;
    private readonly int _classes;
    private readonly EpochMetrics _first;
    private readonly EpochMetrics _last;
    private readonly bool _validated;
    private readonly int _best;

    public FitJudge(IReadOnlyList<EpochMetrics> history, int classes)
    {
        (_history, _classes) = (history, classes);
        if (history.Count == 0)
        {
            _first = _last = new EpochMetrics(
                0, 0, new(double.NaN, null, 0), null, 0, TimeSpan.Zero, 0, false);
            return;
        }

        (_first, _last) = (history[0], history[^1]);
        _validated = history.All(epoch => epoch.Validation is not null);
        _best = Enumerable.Range(0, history.Count)
            .MinBy(i => double.IsFinite(Watched(history[i])) ? Watched(history[i]) : double.MaxValue);
    }

    private double Gap => _validated ? _last.Validation!.Loss / _last.Train.Loss : double.NaN;

    private int Window => Math.Clamp(_history.Count / 4, 2, 5);

    private double GainPerEpoch
    {
        get
        {
            double before = Watched(_history[^(Window + 1)]);
            return 1 - Math.Pow(Watched(_last) / before, 1.0 / Window);
        }
    }

    public FitVerdict Judge() => _history.Count switch
    {
        0 => new FitVerdict(
            FitKind.TooShort, "Too short to tell", "No epoch was completed, so there is nothing to judge.",
                [],
            ["Let the run finish an epoch; --resume goes on where it stopped."]),
        _ when HasDiverged() => Diverged(),
        < 3 => Say(
            FitKind.TooShort, "Too short to tell",
            $"{Figures.Counted(_history.Count, "epoch")} cannot show whether the curves level off or part "
                + $"ways.",
            "Train for at least 3 epochs, better 5 or more."),
        _ when IsOverFitting() => OverFitting(),
        _ when IsStillImproving() => StillImproving(),
        _ when IsUnderFitting() => UnderFitting(),
        _ => GoodFit(),
    };

    private double Watched(EpochMetrics epoch) => _validated ? epoch.Validation!.Loss : epoch.Train.Loss;

    private bool HasDiverged()
    {
        double best = _history.Where(e => double.IsFinite(e.Train.Loss)).Select(e => e.Train.Loss)
            .DefaultIfEmpty(double.NaN).Min();
        return !double.IsFinite(_last.Train.Loss) || (_validated && !double.IsFinite(_last.Validation!.Loss))
            || (_last.Train.Loss > 2 * best && _last.Train.Loss > 0.5 * _first.Train.Loss);
    }

    private bool IsOverFitting()
        => _validated && _history.Count - 1 - _best >= 2
            && _last.Validation!.Loss >= 1.05 * _history[_best].Validation!.Loss
            && _last.Train.Loss < _history[_best].Train.Loss
            && _last.Train.Loss < 0.8 * _last.Validation.Loss;

    private bool IsStillImproving() => _best >= _history.Count - 2 && GainPerEpoch >= 0.01;

    private bool IsUnderFitting()
    {
        if (_validated && Gap > 1.25)
        {
            return false;
        }

        return _last.Train.Accuracy is { } accuracy
            ? accuracy < 0.75 || IsNearChance(accuracy)
            : _last.Train.Loss > 0.8 * _first.Train.Loss;
    }

    private bool IsNearChance(double accuracy)
        => _classes > 0 && accuracy < 1.0 / _classes + 0.15 * (1 - 1.0 / _classes);

    private FitVerdict Diverged() => Say(
        FitKind.Diverged, "Training came apart",
        $"The loss of epoch {_last.Epoch} is {Figures.Loss(_last.Train.Loss)} after "
        + $"{Figures.Loss(_first.Train.Loss)} in the first: the updates overshoot.",
        "Lower the learning rate, by a factor of 3 to begin with.",
        "Warm up over an epoch or more, and clip the gradient's norm.",
        "Look at learning_rate and gradient_norm just before the loss turned.");

    private FitVerdict OverFitting() => Say(
        FitKind.OverFitting, "Over-fitting",
        $"Validation loss was best in epoch {_history[_best].Epoch} and has risen by "
        + $"{Figures.Roughly(_last.Validation!.Loss / _history[_best].Validation!.Loss - 1)} since, while "
        + $"training "
        + $"loss fell on to {Figures.Share(1 / Gap)} of it: the model learns its samples by heart."
            + CalibrationNote(),
        "Stop at the best epoch: early stopping with restoreBest does it.",
        "Regularise: dropout, weight decay, label smoothing, or random crop and flip for images.",
        "Use more training samples, or a smaller model.");

    private FitVerdict StillImproving() => Say(
        FitKind.StillImproving, "Still improving at the end",
        $"{(_validated ? "Validation" : "Training")} loss was still falling by "
        + $"{Figures.Roughly(GainPerEpoch)} an epoch over the last {Window} epochs: "
        + "training ended before it levelled off.",
        "Train for more epochs; a schedule stretches with them.",
        "If that is too slow, raise the learning rate.");

    private FitVerdict UnderFitting()
    {
        string level = _last.Train.Accuracy is { } accuracy
            ? $"training accuracy has levelled off at {Figures.Percent(accuracy)}"
                + (IsNearChance(accuracy) ? $", near chance ({Figures.Roughly(1.0 / _classes)})" : "")
            : $"training loss is only {Figures.Roughly(1 - _last.Train.Loss / _first.Train.Loss)} below "
                + "its first epoch's";
        string besides = _validated ? $", and validation lies close to it ({Figures.Share(Gap)} of the loss)"
            : "";
        return Say(
            FitKind.UnderFitting, "Under-fitting",
            $"The model does not fit even what it is shown: {level}{besides}. Unless the rest is noise in "
                + $"the data, "
            + "there is more to learn.",
            "Try another learning rate, three times higher and three times lower.",
            "Use a larger model, or one made for this kind of data (convolutions for images).",
            "Take regularisation back, and check the labels and the standardisation of the data.");
    }

    private FitVerdict GoodFit() => _validated
        ? Say(
            FitKind.GoodFit, "A good fit",
            $"Validation loss has levelled off at {Figures.Loss(_last.Validation!.Loss)}"
            + $", {Figures.Share(Gap)} of training loss, and has not risen beyond its best by more than "
            + $"noise."
            + (Gap > 2 ? " The gap says that more data or regularisation could still help." : ""),
            Gap > 2
                ? ["Try augmentation, dropout or weight decay to narrow the gap."]
                : ["Nothing needs mending. A larger model may go further."])
        : Say(
            FitKind.Unchecked, "Fits its training data; not checked on other data",
            $"Training loss has levelled off at {Figures.Loss(_last.Train.Loss)}. Without a validation "
                + $"set nobody "
            + "can tell a good fit from an over-fitted one.",
            "Hold out samples with --validation N.");

    /// <summary>
    /// Accuracy may rise while the loss worsens: the model errs no more often, but with more conviction.
    /// </summary>
    private string CalibrationNote()
        => _last.Validation?.Accuracy is { } now && _history[_best].Validation?.Accuracy is { } then
            && now >= then
            ? " Its accuracy has not suffered: it errs no more often than before, but more confidently."
            : "";

    private FitVerdict Say(FitKind kind, string headline, string explanation, params string[] tryNext)
        => new(kind, headline, explanation, [.. Numbers()], tryNext);

    private IEnumerable<FitFigure> Numbers()
    {
        yield return new("training loss, first → last",
            $"{Figures.Loss(_first.Train.Loss)} → {Figures.Loss(_last.Train.Loss)}");
        if (_validated)
        {
            EpochMetrics best = _history[_best];
            yield return new("validation loss, best → last",
                $"{Figures.Loss(best.Validation!.Loss)} (epoch {best.Epoch}) → "
                    + $"{Figures.Loss(_last.Validation!.Loss)}");
            yield return new("validation over training loss", Figures.Share(Gap));
        }

        if (_last.Train.Accuracy is { } accuracy)
        {
            string validation = _last.Validation?.Accuracy is { } v ? $" → {Figures.Percent(v)}" : "";
            yield return new(
                _validated ? "accuracy, training → validation" : "training accuracy",
                Figures.Percent(accuracy) + validation);
        }

        if (_history.Count >= 3)
        {
            yield return new($"change of loss an epoch, last {Window}", Figures.Change(-GainPerEpoch));
        }
    }
}

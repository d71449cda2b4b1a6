using System.Text;
using DistTrain.Runs.Charts;
using DistTrain.Study.Findings;
using DistTrain.Study.Records;

namespace DistTrain.Study.Reports;

/// <summary>The words that the page uses, and how the study is made again.</summary>
internal static class BackMatter
{
    private static readonly (string Word, string Meaning)[] Glossary = [
        ("Batch (global batch)", "the samples that one step learns from, over all workers together."),
        ("Step", "one update of the weights from one batch."),
        ("Epoch", "one pass over all training samples."),
        ("Learning rate", "how far a step moves the weights."),
        ("Rule", "what the rate becomes for another batch: “linear” grows it with the batch, “sqrt” with its "
            + "square root, “none” leaves it, “legew” takes the square root and lengthens warm-up, "
            + "“adascale” follows the gradients, “tuned” tries several."),
        ("Warm-up", "the first epochs, over which the rate rises to its full value."),
        ("Target", "the result that a run is to reach; how soon it does is what settings are compared by."),
        ("Seed", "the number all chance of a run follows from. Runs that differ in their seed alone show how "
            + "much chance matters."),
        ("95 % interval", "where the true value lies in 19 of 20 studies like this one. Settings whose "
            + "intervals overlap much are not told apart."),
        ("Percentage point", "a difference of two percentages: from 98.0 % to 98.2 % is 0.2 points."),
        ("Critical batch (B_crit)", "the batch beyond which more samples a step save hardly any steps."),
        ("S_min, E_min", "the steps that even an endless batch takes, and the examples that even the "
            + "smallest takes."),
        ("Noise scale", "the batch at which a gradient's noise is as large as the gradient."),
        ("Generalisation gap", "how much better a model does on its training data than on new data."),
        ("Diverged", "the numbers of a run grew beyond all bounds; its rate was too large."),
        ("Given up", "the study ended a run early because it had no hope of a good result."),
    ];

    public static string Words()
    {
        var html = new StringBuilder("<section id=\"glossary\"><p class=\"eyebrow\">Glossary</p>")
            .Append("<h2>What do the words mean?</h2><dl>");
        foreach ((string word, string meaning) in Glossary)
        {
            html.Append($"<dt>{Markup.Encode(word)}</dt><dd>{Markup.Encode(meaning)}</dd>");
        }

        return html.Append("</dl></section>\n").ToString();
    }

    public static string Making(StudyFrame frame, StudyFindings findings)
        => "<section id=\"making\"><p class=\"eyebrow\">How it was made</p><h2>How can I make it again?</h2>"
            + $"<p class=\"answer\">Run this command. Finished runs are not repeated.</p>"
            + $"<pre tabindex=\"0\">{Markup.Encode(frame.Command)}</pre>"
            + $"<p>Machine: {Markup.Encode(frame.Machine)}. {findings.Runs} of {frame.PlannedRuns} planned "
            + $"runs are in; {findings.Diverged} diverged, {findings.GivenUp} were given up, "
            + $"{findings.Failed} failed. Base rates belong to batch {frame.ReferenceBatch}.</p>"
            + "<p class=\"how\">Means are over seeds. Runs with one seed and other numbers of workers have "
            + "the same weights and count once. Intervals of means and differences are Student's t and "
            + "Welch's; those of the critical batch come from 400 refits to the curve with its own scatter. "
            + "The same numbers are in findings.json beside this page.</p></section>\n";
}

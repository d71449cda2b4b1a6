using DistTrain.Core;
using DistTrain.Study.Specs;
using DistTrain.Study.Tests.Fixtures;

namespace DistTrain.Study.Tests.Specs;

public sealed class StudyReaderTests
{
    [Fact]
    public void What_is_left_out_has_its_default()
    {
        StudySpec study = SmallStudy.File("\"batches\": [32, 64]").Spec;
        study.Batches.ShouldBe([32, 64]);
        study.Rules.ShouldBe([RuleNames.Linear]);
        study.Workers.ShouldBe([1]);
        study.Seeds.ShouldBe([1]);
        study.Tune.ShouldBeNull();
        study.Halving.ShouldBeNull();
        study.Target.Value.ShouldBe(0.9);
        study.Target.Stop.ShouldBeFalse();
    }

    [Fact]
    public void An_empty_section_has_all_its_defaults()
    {
        StudySpec study = SmallStudy.File(
            "\"batches\": [32], \"rules\": [\"tuned\"], \"tune\": {}, \"epochs\": 3, \"halving\": {}").Spec;
        study.Tune.ShouldBe(new TuneSpec());
        study.Halving!.Rungs.ShouldBe([1]);
        study.Halving.Keep.ShouldBe(0.5);
    }

    [Theory]
    [InlineData("\"batches\": []", "study.json:7: batches: an empty list is not a list of batches")]
    [InlineData("\"batches\": [32, 32]", "study.json:7: batches: 32 is given twice")]
    [InlineData("\"batches\": [0]", "study.json:7: batches[0]: 0 is not a whole number from 1")]
    [InlineData("\"batches\": 32", "study.json:7: batches: 32 is not a list")]
    [InlineData("\"batchs\": [32]", "study.json:7: unknown key \"batchs\"; did you mean \"batches\"?")]
    [InlineData("\"epochs\": 3", "batches: is missing")]
    [InlineData("\"batches\": [32], \"rules\": [\"lineer\"]",
        "rules[0]: \"lineer\" is not one of none, sqrt, linear, legew, adascale, tuned; did you mean "
        + "\"linear\"?")]
    [InlineData("\"batches\": [32], \"rules\": [\"tuned\"]", "rules: tuned needs the section tune")]
    [InlineData("\"batches\": [32], \"tune\": {}", "tune: has a meaning only with the rule tuned")]
    [InlineData("\"batches\": [32], \"rules\": [\"tuned\"], \"tune\": { \"from\": 4, \"to\": 1 }",
        "tune.to: 1 is not above tune.from, 4")]
    [InlineData("\"batches\": [32], \"rules\": [\"tuned\"], \"tune\": { \"rates\": [1], \"trials\": 3 }",
        "tune.trials: has a meaning only without tune.rates")]
    [InlineData("\"batches\": [32], \"halving\": {}", "halving: has a meaning only with the rule tuned")]
    [InlineData("\"batches\": [32], \"rules\": [\"tuned\"], \"tune\": {}, \"epochs\": 2, "
        + "\"halving\": { \"rungs\": [1, 2] }", "halving.rungs: the last rung is not before the end")]
    [InlineData("\"batches\": [32], \"epochs\": 2, \"steps\": 5",
        "only one of epochs and steps can be given")]
    [InlineData("\"batches\": [32], \"optimizers\": [\"adamm\"]",
        "optimizers[0]: \"adamm\" is no optimizer; did you mean \"adam\"?")]
    [InlineData("\"batches\": [32], \"optimizers\": [{ \"momentum\": 0 }]",
        "optimizers[0]: name is missing")]
    [InlineData("\"batches\": [32], \"optimizers\": [{ \"name\": \"sgd\", \"momentun\": 0 }]",
        "optimizers[0]: unknown key \"momentun\"; did you mean \"momentum\"?")]
    [InlineData("\"batches\": [32], \"optimizers\": [\"sgd\", { \"name\": \"sgd\", \"momentum\": 0.5 }]",
        "\"sgd\" stands for 2 different optimizers; give each a label of its own")]
    [InlineData("\"batches\": [32], \"seeds\": [-1]", "seeds[0]: -1 is not")]
    [InlineData("\"batches\": [32], \"warmup\": [-1]", "warmup[0]: -1 is not")]
    public void A_fault_is_named_with_its_place(string more, string expected)
        => Faults(SmallStudy.Text(more)).ShouldContain(line => line.Contains(expected));

    [Fact]
    public void An_accuracy_above_one_is_refused()
        => Faults(SmallStudy.Text("\"batches\": [32]").Replace("0.9 }", "99 }", StringComparison.Ordinal))
            .ShouldContain(line => line.Contains("target.value: 99 is more than 1; an accuracy is a share"));

    [Fact]
    public void All_faults_are_told_at_once_in_the_order_of_the_file()
        => Faults("""
            {
              "name": "a b",
              "job": 3,
              "batches": [0],
              "sede": [1]
            }
            """).Count.ShouldBe(5);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("{")]
    [InlineData("{\"name\":")]
    [InlineData("{\"optimizers\": [[[[]]]], \"job\": null, \"batches\": {}}")]
    [InlineData("{\"job\": {\"job\": {}}, \"set\": {\"\": {}}, \"tune\": 1, \"halving\": [], \"target\": 0}")]
    public void Hostile_text_ends_in_clear_lines(string text)
        => Faults(text).ShouldAllBe(line => line.StartsWith("study.json", StringComparison.Ordinal));

    [Fact]
    public void A_text_cut_anywhere_is_refused_and_nothing_worse()
    {
        string text = SmallStudy.Text("\"batches\": [32], \"optimizers\": [\"sgd\"], \"tune\": {\"to\": 2}");
        for (int length = 0; length < text.Length; length++)
        {
            Should.Throw<UserFaultException>(() => StudyReader.Read(text[..length], "study.json"));
        }
    }

    private static IReadOnlyList<string> Faults(string text)
        => Should.Throw<UserFaultException>(() => StudyReader.Read(text, "study.json")).Problems;
}

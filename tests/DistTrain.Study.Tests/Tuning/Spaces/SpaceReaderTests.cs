using DistTrain.Core;
using DistTrain.Study.Tuning.Spaces;

namespace DistTrain.Study.Tests.Tuning.Spaces;

public sealed class SpaceReaderTests
{
    [Fact]
    public void A_space_names_fields_and_what_they_may_be()
    {
        SearchSpace space = SpaceReader.Read("""
            { "learningRate.base": { "log": [1e-3, 1] }, "batch.global": { "choice": [64, 128] },
              "epochs": { "int": [1, 3] }, "optimizer.name": { "choice": ["sgd", "adam"] },
              "optimizer.momentum": { "float": [0.8, 0.9], "when": { "optimizer.name": "sgd" } } }
            """, "space.json");
        space.Dimensions.Select(d => d.Text).ShouldBe(["log [0.001, 1]", "choice [64, 128]", "int [1, 3]",
            "choice [\"sgd\", \"adam\"]", "float [0.8, 0.9]"]);
        space.ValuesAt([0.5, 0, 0.99, 0, 0.5]).ShouldBe(["0.0316228", "64", "3", "\"sgd\"", "0.85"]);
        space.ValuesAt([0.5, 0, 0.99, 0.7, 0.5])[4].ShouldBeNull();
        space.OverridesFor(space.ValuesAt([0, 0, 0, 0.7, 0])).Select(o => o.Source)
            .ShouldBe(["learningRate.base=0.001", "batch.global=64", "epochs=1", "optimizer.name=\"adam\""]);
    }

    [Theory]
    [InlineData("{}", "space.json: names no field to search")]
    [InlineData("[1]", "space.json: a search space is an object")]
    [InlineData("{ \"lr\": 1", "space.json:1: not valid JSON at column")]
    [InlineData("""{ "learningRate.bse": { "log": [1, 2] } }""", "did you mean \"learningRate.base\"?")]
    [InlineData("""{ "epochs": 3 }""", "space.json: epochs: write what it may be as an object")]
    [InlineData("""{ "epochs": {} }""", "needs one of log, float, int, choice")]
    [InlineData("""{ "epochs": { "itn": [1, 2] } }""", "unknown itn; it is one of")]
    [InlineData("""{ "epochs": { "int": [1, 2], "choice": [1] } }""", "is more than one of")]
    [InlineData("""{ "epochs": { "int": [2, 1] } }""", "the lower one first")]
    [InlineData("""{ "epochs": { "int": [1, 2.5] } }""", "whole numbers")]
    [InlineData("""{ "epochs": { "choice": [] } }""", "choice: give a list")]
    [InlineData("""{ "epochs": { "choice": [1, 1] } }""", "different values")]
    [InlineData("""{ "learningRate.base": { "log": [0, 1] } }""", "begins above 0")]
    [InlineData("""{ "epochs": { "int": [1, 2] }, "epochs": { "int": [1, 2] } }""", "is given twice")]
    [InlineData("""{ "epochs": { "int": [1, 2], "when": 3 } }""", "when: write it as")]
    [InlineData("""{ "epochs": { "int": [1, 2], "when": { "seed": 1 } } }""", "is no choice of this space")]
    public void What_is_wrong_is_one_line_that_says_what_would_be_right(string text, string complaint)
        => Should.Throw<UserFaultException>(() => SpaceReader.Read(text, "space.json"))
            .Problems.ShouldHaveSingleItem().ShouldContain(complaint);

    [Fact]
    public void Every_fault_is_told_at_once()
        => Should.Throw<UserFaultException>(() => SpaceReader.Read(
                """{ "epoch": { "int": [1, 2] }, "seed": 3, "batch.global": { "log": [0, 1] } }""", "s.json"))
            .Problems.Count.ShouldBe(3);

    [Fact]
    public void A_condition_on_a_value_that_never_comes_is_a_fault()
        => Should.Throw<UserFaultException>(() => SpaceReader.Read("""
                { "optimizer.name": { "choice": ["sgd"] },
                  "optimizer.beta1": { "float": [0.8, 0.9], "when": { "optimizer.name": "adam" } } }
                """, "s.json"))
            .Problems.ShouldHaveSingleItem().ShouldContain("is never \"adam\"");
}

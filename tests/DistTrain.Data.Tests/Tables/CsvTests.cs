using DistTrain.Core.Datasets;
using DistTrain.Core.Jobs;
using DistTrain.Data.Loading;
using static DistTrain.Data.Tests.SampleFiles;

namespace DistTrain.Data.Tests.Tables;

public sealed class CsvTests : IDisposable
{
    private const string Flowers = "length,width,kind\n1,10,rose\n2,20,iris\n3,30,rose\n4,40,tulip\n";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Words_become_classes_in_their_order()
    {
        using IDataset set = Load(Flowers);
        set.Classes.ShouldBe(3);
        set.Shape.ShouldBe(SampleShape.Vector(2));
        Labels(set).ShouldBe([1, 0, 1, 2]);
    }

    [Fact]
    public void Integers_become_classes_by_value()
        => Labels(Load("a,kind\n1,10\n2,9\n3,-1\n4,9\n")).ShouldBe([2, 1, 0, 1]);

    [Fact]
    public void Columns_are_standardised_over_the_training_rows_and_constant_ones_become_zero()
    {
        DatasetSpec spec = Spec("csv") with { TestPath = _folder.Write("test.csv", "c,a,kind\n7,5,x\n") };
        using IDataset set = Load("a,c,kind\n1,7,x\n2,7,y\n3,7,x\n", spec);
        float deviation = (float)Math.Sqrt(2 / 3.0);
        Inputs(set, set.Train).ShouldBe([-1 / deviation, 0, 0, 0, 1 / deviation, 0], 1e-6f);
        Inputs(set, set.Test!).ShouldBe([3 / deviation, 0], 1e-6f);
    }

    [Fact]
    public void Without_standardising_numbers_stay_as_they_are()
    {
        using IDataset set = Load(Flowers, Spec("csv", standardize: false));
        Inputs(set, set.Train).ShouldBe([1, 10, 2, 20, 3, 30, 4, 40]);
    }

    [Fact]
    public void Regression_targets_are_numbers()
    {
        using IDataset set = Load("a,kind\n1,1.5\n2,-2e3\n", Spec("csv") with { Task = "regression" });
        set.Classes.ShouldBe(0);
        using var batch = new MicroBatch(2, set.Shape, 1);
        set.Train.Gather([1, 0], null, batch);
        batch.Targets.Span.ToArray().ShouldBe([-2000, 1.5f]);
    }

    [Fact]
    public void Quotes_blank_lines_carriage_returns_and_a_byte_order_mark_are_read()
    {
        using IDataset set = Load("\uFEFF\"a\",kind\r\n\r\n 1 ,\"new\nline, comma\"\r\n2,other");
        set.Train.Count.ShouldBe(2);
        Labels(set).ShouldBe([0, 1]);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("a,kind\n", "no data rows")]
    [InlineData("a,b\n1,2\n", "no label column 'kind'; the columns are a, b")]
    [InlineData("kind\nx\n", "has 1 columns")]
    [InlineData("a,a,kind\n1,2,x\n", "two columns are named 'a'")]
    [InlineData("a,kind\n1,x\n2,y,3\n", "line 3: has 3 fields; the header has 2")]
    [InlineData("a,kind\n1,x\n2\n", "line 3: has 1 fields; the header has 2")]
    [InlineData("a,kind\none,x\n2,y\n", "line 2: column 'a' has 'one'; a finite number is needed")]
    [InlineData("a,kind\n1,x\nNaN,y\n", "line 3: column 'a' has 'NaN'")]
    [InlineData("a,kind\n1,x\nInfinity,y\n", "line 3: column 'a' has 'Infinity'")]
    [InlineData("a,kind\n1,x\n1e39,y\n", "line 3: column 'a' has '1e39'")]
    [InlineData("a,kind\n1,x\n,y\n", "line 3: column 'a' has ''")]
    [InlineData("a,kind\n1,x\n2,\n", "line 3: the label 'kind' is empty")]
    [InlineData("a,kind\n1,x\n2,x\n", "every label is 'x'")]
    [InlineData("a,kind\n1,x\n2,\"y\n3,z\n", "line 3: is malformed")]
    [InlineData("a,kind\n1,x\n2,\"y\"z\n", "line 3: is malformed")]
    public void A_faulty_file_is_named_with_the_line(string text, string complaint)
        => FaultOf(() => Load(text)).ShouldContain(complaint);

    [Fact]
    public void Every_faulty_row_is_named_up_to_a_limit()
    {
        Should.Throw<Core.UserFaultException>(() => Load("a,kind\n?,x\n1,x\n!,y\n"))
            .Problems.Count.ShouldBe(2);
        string many = "a,kind\n" + string.Concat(Enumerable.Repeat("?,x\n", 1000));
        Should.Throw<Core.UserFaultException>(() => Load(many)).Problems.Count.ShouldBe(21);
    }

    [Fact]
    public void A_quote_left_open_in_a_large_file_is_not_swallowed_whole()
    {
        string text =
            "a,kind\n1,\"x\n" + string.Concat(Enumerable.Repeat("2,yyyyyyyyyyyyyyyyyyyy\n", 1_500_000));
        FaultOf(() => Load(text)).ShouldContain("line 2: is malformed");
    }

    [Fact]
    public void The_test_file_must_have_the_same_columns_and_known_labels()
    {
        FaultOf(() => LoadTest("length,kind\n1,rose\n"))
            .ShouldContain("column 'width' of the training file is missing");
        FaultOf(() => LoadTest("length,width,more,kind\n1,1,1,rose\n"))
            .ShouldContain("'more' is not in the training file");
        FaultOf(() => LoadTest("length,width,kind\n1,1,rose\n1,2,oak\n"))
            .ShouldContain("line 3: the label is 'oak'");
        FaultOf(() => Load("a,kind\n1,two\n2,3\n", Spec("csv") with { Task = "regression" }))
            .ShouldContain("line 2: the label is 'two', where regression needs a finite number");
    }

    [Fact]
    public void What_a_job_lacks_is_said_all_at_once()
    {
        DatasetSpec spec = Spec("csv") with { Task = "ranking", Augment = new AugmentSpec { Flip = true } };
        Should.Throw<Core.UserFaultException>(() => DatasetLoader.Load(spec, 1, new(null, "")))
            .Problems.Count.ShouldBe(4);
        FaultOf(() => DatasetLoader.Load(
            Spec("csv") with { Path = "/no/such.csv", Label = "x" }, 1, new(null, "")))
            .ShouldStartWith("/no/such.csv: cannot be opened");
    }

    [Fact]
    public void The_content_hash_tells_tables_apart()
    {
        string hash = Load(Flowers).ContentHash;
        Load(Flowers.Replace("\n", "\r\n")).ContentHash.ShouldBe(hash);
        Load(Flowers.Replace("40", "41")).ContentHash.ShouldNotBe(hash);
        Load(Flowers.Replace("tulip", "daisy")).ContentHash.ShouldNotBe(hash);
    }

    private IDataset Load(string text, DatasetSpec? spec = null) => DatasetLoader.Load(
        (spec ?? Spec("csv")) with { Path = _folder.Write("train.csv", text), Label = "kind" },
        seed: 1, new(null, ""));

    private IDataset LoadTest(string text)
        => Load(Flowers, Spec("csv") with { TestPath = _folder.Write("test.csv", text) });

    private static float[] Inputs(IDataset set, ISampleSet split)
    {
        using MicroBatch batch = Gather(set, split);
        return batch.Inputs.Span.ToArray();
    }

    private static long[] Labels(IDataset set)
    {
        using MicroBatch batch = Gather(set, set.Train);
        return batch.Labels.Span.ToArray();
    }

    private static MicroBatch Gather(IDataset set, ISampleSet split)
    {
        var batch = new MicroBatch(split.Count, set.Shape, 0);
        split.Gather([.. Enumerable.Range(0, split.Count)], null, batch);
        return batch;
    }
}

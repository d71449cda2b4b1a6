using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Fields;
using FsCheck;
using FsCheck.Fluent;

namespace DistTrain.Core.Tests.Jobs;

/// <summary>Whatever stands in a job, the answer is a job or a user's fault, never a crash.</summary>
public sealed class JobFuzzTests
{
    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ",", ":", "\"", "null", "true", "-", "1e999", "-0", "NaN", "0.5",
        "99999999999999999999",
        "\"relu\"", "{\"linear\":{\"out\":3}}", "\"adam\"", "\"csv\"", "\"one-cycle\"", "\\ud800", "\u0000",
        "\ud83d",
        "\n", "ä", "{}", "[]", "\"step\"", "\"layers\":[\"relu\"],", "\"$schema\":1,",
    ];

    private static Gen<string> Fragment => Gen.OneOf(
        Gen.Elements(Tokens),
        Gen.Elements(JobFields.Table.Fields.Select(f => $"\"{f.Path.Split('.')[^1]}\"")));

    [Fact]
    public void Mutated_jobs_are_read_or_refused()
    {
        var edit = from position in Gen.Choose(0, JobTexts.Full.Length)
                   from deleted in Gen.Frequency((2, Gen.Constant(0)), (2, Gen.Choose(0, 8)),
                       (1, Gen.Choose(0, 200)))
                   from inserted in Gen.Frequency((1, Gen.Constant("")), (2, Fragment))
                   select (Position: position, Deleted: deleted, Inserted: inserted);
        var edits = Gen.Choose(1, 6).SelectMany(n => edit.ListOf(n));

        Prop.ForAll(edits.ToArbitrary(), list => IsReadOrRefused(
            list.Aggregate(JobTexts.Full, (text, e) =>
            {
                int start = Math.Min(e.Position, text.Length);
                return text.Remove(start, Math.Min(e.Deleted, text.Length - start)).Insert(start, e.Inserted);
            }), [])).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Jobs_with_values_swapped_are_read_or_refused()
    {
        var value = Gen.OneOf(Gen.Elements(Tokens), Fragment,
            ArbMap.Default.GeneratorFor<string>().Select(s => s ?? ""));
        var path = Gen.Elements(JobFields.Table.Fields.Select(f => f.Path)
            .Concat(JobFields.Table.Sections.Select(s => s.Path))
            .Concat(["", ".", "model.", "x.y", "model.layers[0]"]));
        var change = from p in path
                     from v in value
                     select new JobOverride(p, v, $"--set {p}={v}");
        var changes = Gen.Choose(1, 5).SelectMany(n => change.ListOf(n));

        Prop.ForAll(changes.ToArbitrary(), list => IsReadOrRefused(JobTexts.Full, list.ToList()))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static void IsReadOrRefused(string text, IReadOnlyList<JobOverride> overrides)
    {
        try
        {
            var job = JobReader.Read(text, "job.json", overrides, 2);
            JobReader.Read(JobWriter.Write(job), "job.json", [], 2);
        }
        catch (UserFaultException fault)
        {
            fault.Problems.ShouldNotBeEmpty();
            fault.Problems.ShouldAllBe(p => p.Length > 0 && p.Length < 500
                && !p.Contains('\n', StringComparison.Ordinal));
        }
    }
}

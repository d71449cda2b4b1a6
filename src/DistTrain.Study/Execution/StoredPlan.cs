using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using DistTrain.Core;
using DistTrain.Core.Jobs;
using DistTrain.Core.Jobs.Fields;
using DistTrain.Study.Planning;
using DistTrain.Study.Records;
using DistTrain.Study.Specs;

namespace DistTrain.Study.Execution;

/// <summary>
/// What a study's folder remembers of its plan (study.json): enough to tell whether a later study file goes
/// on with the same, to say what differs where it does not, and to write the report again.
/// </summary>
/// <param name="Frame">For the report.</param>
/// <param name="Fields">The study's fields by path, each as JSON on one line.</param>
/// <param name="JobJson">The job that is varied, as it was read.</param>
/// <param name="Cells">Keys of all cells, in the order of the grid.</param>
public sealed record StoredPlan(
    StudyFrame Frame, IReadOnlyDictionary<string, string> Fields, string JobJson, IReadOnlyList<string> Cells)
{
    private const int Format = 1;

    /// <summary>Fields that a finished run does not depend on and that say nothing about the next.</summary>
    private static readonly string[] Words = ["name", "question"];

    public static StoredPlan Of(StudyPlan plan, StudyFrame frame) => new(
        frame, FieldsOf(plan.Study), JobWriter.Write(plan.Base.Spec),
        [.. plan.Cells.Select(cell => cell.Key)]);

    /// <summary>SHA-256 over the cells: two plans of one fingerprint are the same runs.</summary>
    public string Fingerprint => Convert.ToHexStringLower(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', Cells.Order(StringComparer.Ordinal)))));

    /// <summary>
    /// Why a study file cannot go on with what was planned here. A grid may grow: a seed, a batch, a rule
    /// more leaves every finished run what it was. Whatever changes or takes away a planned run is refused.
    /// </summary>
    /// <returns>A line for each difference; none: it goes on.</returns>
    public IReadOnlyList<string> DifferencesTo(StoredPlan later)
    {
        bool kept = Cells.All(later.Cells.ToHashSet(StringComparer.Ordinal).Contains);
        bool halved = Changed(later, path => path.StartsWith("halving", StringComparison.Ordinal)).Any();
        if (kept && !halved)
        {
            return [];
        }

        var fields = Changed(later, path => !Words.Contains(path, StringComparer.Ordinal));
        var jobs = JobIdentity.Differences(ReadJob(JobJson), ReadJob(later.JobJson))
            .Select(difference => $"job.{difference}");
        List<string> all = [.. fields, .. jobs];
        return all.Count > 0 ? all
            : ["the runs it plans are others: the data or the defaults of a job have changed"];
    }

    /// <summary>Rows in the order of the grid, the last one of every cell; cells without one are left
    /// out.</summary>
    public IReadOnlyList<StudyRun> InOrder(IEnumerable<StudyRun> runs)
    {
        var last = new Dictionary<string, StudyRun>(StringComparer.Ordinal);
        foreach (StudyRun run in runs)
        {
            last[RunRecords.KeyOf(run)] = run;
        }

        return [.. Cells.Where(last.ContainsKey).Select(key => last[key])];
    }

    public string ToText()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonFormat.Indented))
        {
            writer.WriteStartObject();
            writer.WriteNumber("format", Format);
            writer.WriteString("fingerprint", Fingerprint);
            writer.WritePropertyName("frame");
            JsonSerializer.Serialize(writer, Frame, StudyJson.Frame);
            writer.WriteStartObject("study");
            foreach (var (path, json) in Fields)
            {
                writer.WriteInline(path, json);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("job");
            writer.WriteRawValue(JobJson);
            writer.WriteStartArray("cells");
            foreach (string cell in Cells)
            {
                writer.WriteStringValue(cell);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray()) + "\n";
    }

    /// <exception cref="UserFaultException">The text is no stored plan.</exception>
    public static StoredPlan Parse(string text, string path)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonElement root = document.RootElement;
            if (root.GetProperty("format").GetInt32() != Format)
            {
                throw new UserFaultException($"{path}: it was written by another version of disttrain");
            }

            return new StoredPlan(
                root.GetProperty("frame").Deserialize(StudyJson.Frame) ?? throw new JsonException("no frame"),
                root.GetProperty("study").EnumerateObject()
                    .ToDictionary(p => p.Name, p => p.Value.GetRawText(), StringComparer.Ordinal),
                root.GetProperty("job").GetRawText(),
                [.. root.GetProperty("cells").EnumerateArray().Select(cell => cell.GetString() ?? "")]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new UserFaultException($"{path} is damaged: {e.Message}; bring it back, or use another "
                + "folder with --out", e);
        }
    }

    private static Dictionary<string, string> FieldsOf(StudySpec study)
        => StudyFields.Table.Fields
            .Where(field => field.Path != "job")
            .Where(field => field.Conditions.All(c => Holds(c, study)))
            .Select(field => (field.Path, field.Type, Value: field.Get(study)))
            .Where(field => field.Value is not null)
            .ToDictionary(
                field => field.Path, field => field.Type.Show(field.Value!), StringComparer.Ordinal);

    private static bool Holds(Condition condition, StudySpec study)
        => condition.Holds(StudyFields.Table.Find(condition.Path) is { } field
            ? field.Get(study)
            : StudyFields.Table.FindSection(condition.Path)?.Present?.Invoke(study) == false ? null : study);

    private IEnumerable<string> Changed(StoredPlan later, Func<string, bool> counts)
        => Fields.Keys.Union(later.Fields.Keys, StringComparer.Ordinal).Where(counts)
            .Select(path => (path, Was: Fields.GetValueOrDefault(path),
                Is: later.Fields.GetValueOrDefault(path)))
            .Where(field => field.Was != field.Is)
            .Select(field => $"{field.path}: {field.Was ?? "nothing"} became {field.Is ?? "nothing"}");

    private static JobSpec ReadJob(string json) => JobReader.Read(json, "study.json", [], workers: 1);
}

using DistTrain.Core;
using DistTrain.Runs.Storage;
using DistTrain.Study.Records;

namespace DistTrain.Study.Execution;

/// <summary>The folder that everything about one study lies in.</summary>
/// <param name="path">Its path; absolute or not.</param>
public sealed class StudyFolder(string path)
{
    private const string Runs = "runs";

    /// <summary>Absolute.</summary>
    public string RootPath { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));

    /// <summary>What was planned: see <see cref="StoredPlan"/>.</summary>
    public string PlanPath => Path.Combine(RootPath, "study.json");

    /// <summary>A line for every cell whose run is finished, in the order they were.</summary>
    public string ResultsPath => Path.Combine(RootPath, "results.jsonl");

    /// <summary>The same as a table, in the order of the grid.</summary>
    public string TablePath => Path.Combine(RootPath, "results.csv");

    /// <summary>The page for people.</summary>
    public string ReportPath => Path.Combine(RootPath, "report.html");

    /// <summary>The runs' own directories.</summary>
    public string RunsPath => Path.Combine(RootPath, Runs);

    /// <summary>A run's directory as it is found from the folder of its study or search.</summary>
    public static string Relative(string runDirectory)
        => Path.IsPathRooted(runDirectory) ? $"{Runs}/{Path.GetFileName(runDirectory)}" : runDirectory;

    /// <summary>Makes the folder, unless it is there.</summary>
    /// <exception cref="UserFaultException">It cannot be made.</exception>
    public void Make()
    {
        try
        {
            Directory.CreateDirectory(RunsPath);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException(
                $"{RootPath}: the study's folder cannot be made ({e.Message}); name another with --out", e);
        }
    }

    /// <summary>What was planned here; null: nothing yet.</summary>
    /// <exception cref="UserFaultException">It cannot be read.</exception>
    public StoredPlan? ReadPlan()
    {
        try
        {
            return File.Exists(PlanPath) ? StoredPlan.Parse(File.ReadAllText(PlanPath), PlanPath) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{PlanPath} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="RunFaultException">It cannot be written.</exception>
    public void WritePlan(StoredPlan plan) => AtomicFile.ReplaceText(PlanPath, plan.ToText());

    /// <summary>The rows of a study, each cell's last one, for its report.</summary>
    /// <exception cref="UserFaultException">This is not the folder of a study.</exception>
    public (StoredPlan Plan, IReadOnlyList<StudyRun> Runs) ReadAll()
    {
        StoredPlan plan = ReadPlan() ?? throw new UserFaultException(
            $"{RootPath}: this is not the folder of a study, for it has no study.json; give a folder that "
            + "disttrain study has made, such as studies/NAME");
        IReadOnlyList<StudyRun> lines =
            File.Exists(ResultsPath) ? JsonLines<StudyRun>.Read(ResultsPath, StudyJson.Run) : [];
        return (plan, plan.InOrder(lines));
    }
}

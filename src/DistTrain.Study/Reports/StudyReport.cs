using DistTrain.Runs.Storage;
using DistTrain.Study.Findings;
using DistTrain.Study.Records;

namespace DistTrain.Study.Reports;

/// <summary>
/// A study's report: one page that holds all it needs, for readers who have never read the papers, and
/// findings.json beside it with the same numbers.
/// </summary>
public static class StudyReport
{
    /// <summary>The file beside the page.</summary>
    public const string FindingsFile = "findings.json";

    /// <summary>Writes both, each atomically.</summary>
    /// <param name="frame">What the study was after.</param>
    /// <param name="runs">Runs that have ended, in any order; may be empty or incomplete.</param>
    /// <param name="path">The page; replaced if it exists.</param>
    /// <exception cref="Core.RunFaultException">One cannot be written; the message names the
    /// file.</exception>
    public static StudyFindings Write(StudyFrame frame, IReadOnlyList<StudyRun> runs, string path)
    {
        StudyFindings findings = StudyFindings.Of(frame, runs);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        AtomicFile.ReplaceText(Path.Combine(folder, FindingsFile), FindingsJson.Write(findings));
        AtomicFile.ReplaceText(path, Render(frame, runs, findings));
        return findings;
    }

    /// <summary>The page's text.</summary>
    internal static string Render(StudyFrame frame, IReadOnlyList<StudyRun> runs, StudyFindings findings)
        => new StudyPage(frame, runs, findings).Render();
}

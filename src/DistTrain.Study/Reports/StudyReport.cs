using System.Net;
using System.Text;
using DistTrain.Runs.Storage;
using DistTrain.Study.Records;

namespace DistTrain.Study.Reports;

/// <summary>The page that shows people what a study found.</summary>
public static class StudyReport
{
    /// <param name="frame">What the study was after.</param>
    /// <param name="runs">Its rows.</param>
    /// <param name="path">The HTML file.</param>
    /// <exception cref="Core.RunFaultException">It cannot be written.</exception>
    public static void Write(StudyFrame frame, IReadOnlyList<StudyRun> runs, string path)
    {
        var page = new StringBuilder("<!doctype html><meta charset=\"utf-8\"><title>");
        page.Append(WebUtility.HtmlEncode(frame.Name)).Append("</title><pre>");
        page.Append(WebUtility.HtmlEncode(StudyCsv.ToText(runs))).Append("</pre>\n");
        AtomicFile.ReplaceText(path, page.ToString());
    }
}

using DistTrain.Core;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Study.Specs;

/// <summary>A study file as it was read, with the places that later complaints point at.</summary>
public sealed class StudyFile
{
    private readonly string _source;
    private readonly IReadOnlyDictionary<string, int> _lines;

    internal StudyFile(StudySpec spec, string source, IReadOnlyDictionary<string, int> lines)
        => (Spec, _source, _lines) = (spec, source, lines);

    public StudySpec Spec { get; }

    /// <summary>The file's name, as messages show it.</summary>
    public string Source => _source;

    /// <summary>One line about a field: <c>study.json:7: batches: …</c>.</summary>
    public string Say(string path, string what)
        => new Origin(_source, _lines.GetValueOrDefault(path), 0, null).Say(path, what);

    /// <summary>The fault of one field.</summary>
    public UserFaultException Fault(string path, string what) => new(Say(path, what));
}

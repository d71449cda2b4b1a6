using System.Text;
using System.Text.Json;

namespace DistTrain.Core.Jobs.Documents;

/// <summary>
/// Reads JSON into <see cref="JobNode"/>s with the line of every value. Bounded before anything is built: one
/// mebibyte of text and 64 levels. Where the syntax breaks, what was read up to there is kept, so that other
/// faults can be told in the same go.
/// </summary>
internal ref struct JobParser
{
    private const int LongestReason = 160;

    public const int MaxBytes = 1 << 20;
    public const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _utf8;
    private readonly Origin _source;
    private readonly ProblemList _problems;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _counted;

    private JobParser(ReadOnlySpan<byte> utf8, Origin source, ProblemList problems)
    {
        _utf8 = utf8;
        _source = source;
        _problems = problems;
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <summary>
    /// Reads a whole text. A syntax fault is added to the problems; the result is then incomplete.
    /// </summary>
    public static JobNode? Parse(string text, Origin source, ProblemList problems)
    {
        if (text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            problems.Add(source, "", $"the text is larger than {MaxBytes / 1024} KiB");
            return null;
        }

        var parser = new JobParser(Encoding.UTF8.GetBytes(text.TrimStart('\uFEFF')), source, problems);
        return parser.ParseAll();
    }

    private JobNode? ParseAll()
    {
        JobNode? root = null;
        try
        {
            _reader.Read();
            root = Open();
            Fill(root, "");
            _reader.Read();
        }
        catch (JsonException fault)
        {
            var place = _source with { Line = (int)(fault.LineNumber ?? 0) + 1 };
            long column = (fault.BytePositionInLine ?? 0) + 1;
            _problems.Add(place, "", $"not valid JSON at column {column}: {Reason(fault)}");
            root?.Complete = false;
        }

        return root;
    }

    /// <summary>The node that starts at the current token; lists and objects are still empty.</summary>
    private JobNode Open()
    {
        var origin = Here();
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => new JobNode(NodeKind.Object, origin) { Complete = false },
            JsonTokenType.StartArray => new JobNode(NodeKind.List, origin) { Complete = false },
            JsonTokenType.String => new JobNode(NodeKind.String, origin, TokenText()),
            JsonTokenType.Number => new JobNode(NodeKind.Number, origin,
                Encoding.UTF8.GetString(_reader.ValueSpan)),
            JsonTokenType.True => new JobNode(NodeKind.Boolean, origin, "true"),
            JsonTokenType.False => new JobNode(NodeKind.Boolean, origin, "false"),
            _ => new JobNode(NodeKind.Null, origin),
        };
    }

    private void Fill(JobNode node, string path)
    {
        if (node.Kind == NodeKind.Object)
            FillObject(node, path);
        else if (node.Kind == NodeKind.List)
            FillList(node, path);
        node.Complete = true;
    }

    private void FillObject(JobNode node, string path)
    {
        var seen = new Dictionary<string, Origin>(StringComparer.Ordinal);
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
        {
            string name = TokenText();
            var origin = Here();
            _reader.Read();
            var value = Open();
            bool first = seen.TryAdd(name, origin);
            if (first)
                node.Members.Add(new JobMember(name, origin, value));
            else
                _problems.Add(origin, path,
                    $"{JobNode.Quote(name)} is given twice, first on line {seen[name].Line}");
            Fill(value, path.Length == 0 ? name : $"{path}.{name}");
        }
    }

    private void FillList(JobNode node, string path)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
        {
            var item = Open();
            node.Items.Add(item);
            Fill(item, $"{path}[{node.Items.Count - 1}]");
        }
    }

    /// <summary>Half a surrogate pair in an escape is valid JSON but no text.</summary>
    private string TokenText()
    {
        try
        {
            return _reader.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            _problems.Add(Here(), "", "a string holds an escape that is no character");
            return "";
        }
    }

    /// <summary>Tokens come in order, so lines are counted once over the whole text.</summary>
    private Origin Here()
    {
        int start = (int)_reader.TokenStartIndex;
        _line += _utf8[_counted..start].Count((byte)'\n');
        _counted = start;
        return _source with { Line = _line };
    }

    private static string Reason(JsonException fault)
    {
        if (fault.Message.Contains("maximum configured depth", StringComparison.Ordinal))
            return $"nested deeper than {MaxDepth} levels";

        int position = fault.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        string reason = position < 0 ? fault.Message : fault.Message[..position];
        reason = reason.Replace(" Change the reader options.", "", StringComparison.Ordinal).TrimEnd('.');
        return JobNode.Clip(reason, LongestReason);
    }
}

using System.Globalization;
using CsvHelper;
using DistTrain.Core;

namespace DistTrain.Data.Tables;

/// <summary>
/// Reads a CSV file (RFC 4180, comma, header row) with one label column and numbers in all others. Every
/// faulty row is named with its line, up to a limit, before the file is refused.
/// </summary>
internal sealed class CsvTableReader
{
    private const int MostProblems = 20;
    private const int MaxRecordBytes = 1 << 24;
    private const int MaxColumns = 1 << 16;

    private readonly string _path;
    private readonly string _label;
    private readonly List<string> _problems = [];
    private readonly List<double> _features = [];
    private readonly List<string> _labels = [];
    private readonly List<int> _lines = [];
    private readonly Dictionary<string, string> _knownLabels = new(StringComparer.Ordinal);

    private CsvTableReader(string path, string label)
    {
        _path = path;
        _label = label;
    }

    /// <param name="path">The file.</param>
    /// <param name="label">Name of the label column.</param>
    /// <param name="columns">Feature columns that must be there, in the order wanted; null: the file's
    /// own.</param>
    /// <exception cref="UserFaultException">Missing, empty, or at fault in some rows.</exception>
    public static CsvTable Read(
        string path, string label, IReadOnlyList<string>? columns,
        CancellationToken cancellationToken = default)
        => new CsvTableReader(path, label).Read(columns, cancellationToken);

    private CsvTable Read(IReadOnlyList<string>? columns, CancellationToken cancellationToken)
    {
        using CsvReader reader = Open();
        string[] header = Next(reader)
            ? [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetString(i).Trim())]
            : throw new UserFaultException(
                $"{_path}: is empty; a header row with the column names is needed");
        int labelAt = CheckHeader(header);
        string[] own = [.. header.Where((_, i) => i != labelAt)];
        int[] order = columns is null
            ? [.. Enumerable.Range(0, header.Length).Where(i => i != labelAt)]
            : Match(columns, own, header);
        while (_problems.Count < MostProblems && Next(reader))
        {
            cancellationToken.ThrowIfCancellationRequested();
            AddRow(reader, header, labelAt, order);
        }

        if (_problems.Count >= MostProblems)
        {
            _problems.Add($"{_path}: there may be more; reading stopped after {MostProblems} problems");
        }

        if (_problems.Count == 0 && _labels.Count == 0)
        {
            _problems.Add($"{_path}: has a header row, but no data rows");
        }

        return _problems.Count == 0
            ? new CsvTable(_path, columns ?? own, [.. _features], [.. _labels], [.. _lines])
            : throw new UserFaultException(_problems);
    }

    private CsvReader Open()
    {
        try
        {
            return CsvReader.Create(File.OpenRead(_path), new CsvReaderOptions
            {
                HasHeader = false,
                Separator = ',',
                DetectSeparatorHint = false,
                TrimWhitespace = true,
                TrackLineNumbers = true,
                MalformedData = CsvMalformedDataHandling.Throw,
                FieldCountMismatch = CsvFieldCountHandling.Allow,
                MaxRecordSize = MaxRecordBytes,
                FormatProvider = CultureInfo.InvariantCulture,
            });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{_path}: cannot be opened: {e.Message}", e);
        }
    }

    private bool Next(CsvReader reader)
    {
        try
        {
            return reader.Read();
        }
        catch (CsvFormatException e)
        {
            throw new UserFaultException(
                [.. _problems, $"{_path}: line {e.LineNumber}: is malformed: {OneLine(e.Message)}"], e);
        }
        catch (IOException e)
        {
            throw new UserFaultException($"{_path}: cannot be read: {e.Message}", e);
        }
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");

    private int CheckHeader(string[] header)
    {
        if (header.Length is < 2 or > MaxColumns)
        {
            throw new UserFaultException($"{_path}: has {header.Length} columns; the label column"
                + $" and 1 to {MaxColumns - 1} others are needed");
        }

        string? twice = header.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1)?.Key;
        if (twice is not null)
        {
            throw new UserFaultException($"{_path}: two columns are named '{Excerpt(twice)}'");
        }

        int at = Array.IndexOf(header, _label);
        return at >= 0
            ? at
            : throw new UserFaultException($"{_path}: there is no label column '{_label}'; the columns are "
                + string.Join(", ", header.Take(12).Select(Excerpt)) + (header.Length > 12 ? ", …" : ""));
    }

    private int[] Match(IReadOnlyList<string> wanted, string[] own, string[] header)
    {
        string[] problems =
        [
            .. wanted.Except(own)
                .Select(name => $"{_path}: column '{Excerpt(name)}' of the training file is missing"),
            .. own.Except(wanted)
                .Select(name => $"{_path}: column '{Excerpt(name)}' is not in the training file"),
        ];
        return problems.Length == 0
            ? [.. wanted.Select(name => Array.IndexOf(header, name))]
            : throw new UserFaultException(problems);
    }

    private void AddRow(CsvReader reader, string[] header, int labelAt, int[] order)
    {
        if (reader.FieldCount != header.Length)
        {
            _problems.Add($"{_path}: line {reader.LineNumber}: has {reader.FieldCount} fields"
                + $"; the header has {header.Length}");
            return;
        }

        if ((long)_features.Count + order.Length > Array.MaxLength)
        {
            throw new UserFaultException(
                $"{_path}: has more than {Array.MaxLength} numbers; that is too many");
        }

        foreach (int at in order)
        {
            if (double.TryParse(reader.GetSpan(at), NumberStyles.Float, CultureInfo.InvariantCulture,
                out double number) && float.IsFinite((float)number))
            {
                _features.Add(number);
            }
            else if (_problems.Count < MostProblems)
            {
                _problems.Add($"{_path}: line {reader.LineNumber}: column '{Excerpt(header[at])}'"
                    + $" has '{Excerpt(reader.GetString(at))}'; a finite number is needed");
            }
        }

        string label = reader.GetString(labelAt).Trim();
        if (label.Length == 0)
        {
            _problems.Add($"{_path}: line {reader.LineNumber}: the label '{_label}' is empty");
        }

        _labels.Add(_knownLabels.TryGetValue(label, out string? known) ? known : _knownLabels[label] = label);
        _lines.Add((int)Math.Min(reader.LineNumber, int.MaxValue));
    }

    /// <summary>A number that float32 can hold.</summary>
    public static bool TryNumber(string cell, out double number)
        => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out number)
            && float.IsFinite((float)number);

    /// <summary>The beginning of a cell on one line, for a message.</summary>
    public static string Excerpt(string cell)
    {
        string begin = cell.Length <= 24 ? cell : cell[..24] + "…";
        return string.Concat(begin.Select(character => char.IsControl(character) ? '␣' : character));
    }
}

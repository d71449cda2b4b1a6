using System.Globalization;
using DistTrain.Core;

namespace DistTrain.Data.Tables;

/// <summary>Gives the texts of a label column their meaning: classes, or numbers.</summary>
internal static class CsvLabels
{
    private const int MaxClasses = 10_000;
    private const int MostProblems = 20;

    /// <summary>
    /// The distinct labels in order: by value where all are integers, else by their characters. A label's
    /// class is its place in this list.
    /// </summary>
    /// <exception cref="UserFaultException">Fewer than two classes, or too many to be classes.</exception>
    public static string[] Classes(CsvTable train)
    {
        string[] distinct = [.. train.Labels.Distinct(StringComparer.Ordinal)];
        if (distinct.Length < 2)
        {
            throw new UserFaultException(
                $"{train.Path}: every label is '{CsvTableReader.Excerpt(distinct[0])}'"
                + "; a classifier needs at least two classes");
        }

        if (distinct.Length > MaxClasses)
        {
            throw new UserFaultException(
                $"{train.Path}: has {distinct.Length} different labels; at most {MaxClasses}"
                + " can be classes (for numbers to predict, set dataset.task to \"regression\")");
        }

        return distinct.All(label => TryInteger(label, out _))
            ? [.. distinct.OrderBy(label => TryInteger(label, out long value) ? value : 0)
                .ThenBy(label => label, StringComparer.Ordinal)]
            : [.. distinct.Order(StringComparer.Ordinal)];
    }

    /// <summary>The class of every row.</summary>
    /// <exception cref="UserFaultException">A label is not among the classes.</exception>
    public static long[] Encode(CsvTable table, string[] classes)
    {
        Dictionary<string, int> places = classes.Select((name, place) => (name, place))
            .ToDictionary(pair => pair.name, pair => pair.place, StringComparer.Ordinal);
        return Convert(table, (string label, out long place) =>
        {
            bool known = places.TryGetValue(label, out int index);
            place = index;
            return known;
        }, "which the training file does not have");
    }

    /// <summary>The target of every row.</summary>
    /// <exception cref="UserFaultException">A label is not a number.</exception>
    public static float[] Targets(CsvTable table) => Convert(table, (string label, out float target) =>
    {
        bool finite = CsvTableReader.TryNumber(label, out double number);
        target = (float)number;
        return finite;
    }, "where regression needs a finite number");

    private delegate bool TryConvert<T>(string label, out T value);

    private static T[] Convert<T>(CsvTable table, TryConvert<T> convert, string complaint)
    {
        var values = new T[table.Count];
        List<string> problems = [];
        for (int i = 0; i < values.Length && problems.Count < MostProblems; i++)
        {
            if (!convert(table.Labels[i], out values[i]))
            {
                problems.Add($"{table.Path}: line {table.Lines[i]}: the label is"
                    + $" '{CsvTableReader.Excerpt(table.Labels[i])}', {complaint}");
            }
        }

        return problems.Count == 0 ? values : throw new UserFaultException(problems);
    }

    private static bool TryInteger(string label, out long value)
        => long.TryParse(label, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
}

using System.Net;
using System.Text;

namespace DistTrain.Runs.Charts;

/// <summary>Text from outside on its way into a page or a picture.</summary>
public static class Markup
{
    /// <summary>
    /// As text or as an attribute's value. What XML cannot hold at all, control characters and halves of
    /// characters, becomes the replacement character, so that the markup stays well-formed.
    /// </summary>
    public static string Encode(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool allowed = rune.Value is '\t' or '\n' or '\r'
                || (rune.Value >= 0x20 && rune.Value is not (0xFFFE or 0xFFFF or (>= 0x7F and <= 0x9F)));
            clean.Append(allowed ? rune.ToString() : "\uFFFD");
        }

        return WebUtility.HtmlEncode(clean.ToString());
    }
}

using System.Globalization;

namespace DistTrain.Akka.Links;

/// <summary>
/// How a data link introduces itself in its handshake, which proves it: NODE#CHANNEL. No node's name has a
/// hash sign, so a coordinator without Akka.NET refuses such a node by its name.
/// </summary>
internal static class ChannelName
{
    public static string Of(string node, ulong channel)
        => string.Create(CultureInfo.InvariantCulture, $"{node}#{channel:x16}");

    /// <summary>False: the name has no channel.</summary>
    public static bool TryParse(string name, out string node, out ulong channel)
    {
        int hash = name.LastIndexOf('#');
        (node, channel) = (hash < 0 ? name : name[..hash], 0);
        return hash > 0 && ulong.TryParse(
            name.AsSpan(hash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out channel);
    }
}

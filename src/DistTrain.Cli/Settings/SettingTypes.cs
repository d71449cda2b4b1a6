using System.Globalization;
using DistTrain.Cli.Engines;
using DistTrain.Core.Engine;

namespace DistTrain.Cli.Settings;

/// <summary>The kinds of values that settings have.</summary>
internal static class SettingTypes
{
    private const int LongestName = 63;

    public static readonly SettingType<string> File = Path("FILE", "a file's path");
    public static readonly SettingType<string> Folder = Path("DIR", "a folder's path");

    public static readonly SettingType<string> Secret = new(
        "TOKEN", "one line of text without blanks", TryToken);

    public static readonly SettingType<Uri> Url = new("URL", "an http or https address", TryUrl);

    public static readonly SettingType<NodeAddress> Bind = new(
        "ADDR:PORT", "an address and a port, such as 0.0.0.0:7700 or [::1]:7700; port 0 is any free one",
        NodeAddress.TryParse);

    public static readonly SettingType<NodeAddress> Peer = new(
        "HOST:PORT", "a host and a port from 1 to 65535, such as gpu-1:7700",
        (string text, out NodeAddress address) =>
            NodeAddress.TryParse(text, out address) && address.Port > 0);

    public static readonly SettingType<string> Device = new(
        "DEVICE", "cpu, cuda:N, or several GPUs, each once: cuda:0,cuda:1",
        (string text, out string device) => DeviceList.TryParse(device = text, out _));

    public static readonly SettingType<IReadOnlyList<NodeAddress>> Peers = new(
        "HOST:PORT,…", "hosts and ports from 1 to 65535 with commas between them", TryPeers);

    public static readonly SettingType<string> Host = new(
        "HOST", "a host's name or address",
        (string text, out string host) =>
        {
            host = text;
            return Uri.CheckHostName(text) != UriHostNameType.Unknown;
        });

    public static readonly SettingType<string> Engine = new(
        "ENGINE", string.Join(" or ", ProgramEngine.Names),
        (string text, out string name) => ProgramEngine.Names.Contains(name = text));

    public static readonly SettingType<string> NodeName = new(
        "NAME", "up to 63 letters, digits, dots, hyphens and underscores, beginning with a letter or digit",
        TryName);

    public static readonly SettingType<bool> Switch = new("", "true or false", bool.TryParse)
    {
        Form = JsonForm.Boolean,
    };

    /// <summary>One of the values of an enumeration, in lower case.</summary>
    public static SettingType<T> Word<T>()
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(name => name.ToLowerInvariant())];
        return new(
            string.Join('|', words), $"{string.Join(", ", words[..^1])} or {words[^1]}",
            (string text, out T value) =>
                Enum.TryParse(text, ignoreCase: true, out value) && words.Contains(text));
    }

    public static SettingType<int> Whole(int least, int most) => new(
        "N", $"a whole number from {least} to {most}",
        (string text, out int value) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value >= least && value <= most)
    {
        Form = JsonForm.Number,
    };

    /// <summary>A number with a unit, or bare seconds.</summary>
    public static SettingType<TimeSpan> Duration(TimeSpan least, TimeSpan most) => new(
        "TIME", $"a time from {Durations.Write(least)} to {Durations.Write(most)}, such as 500ms, 2s or 1m",
        (string text, out TimeSpan value) =>
            Durations.TryParse(text, out value) && value >= least && value <= most)
    {
        Form = JsonForm.TextOrNumber,
    };

    private static SettingType<string> Path(string placeholder, string meaning)
        => new(placeholder, meaning, (string text, out string path) =>
        {
            path = text;
            return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal);
        })
        {
            IsPath = true,
        };

    private static bool TryToken(string text, out string token)
    {
        token = text.Trim();
        return token.Length > 0 && !token.Any(c => char.IsControl(c) || char.IsWhiteSpace(c));
    }

    private static bool TryUrl(string text, out Uri address)
        => Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out address!)
            && address.Scheme is "http" or "https" && address.Host.Length > 0
            && address.Query.Length + address.Fragment.Length + address.UserInfo.Length == 0;


    private static bool TryPeers(string text, out IReadOnlyList<NodeAddress> peers)
    {
        List<NodeAddress> found = [];
        peers = found;
        foreach (string one in text.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!Peer.Parse(one, out NodeAddress address))
            {
                return false;
            }

            found.Add(address);
        }

        return true;
    }

    private static bool TryName(string text, out string name)
    {
        name = text;
        return text.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(text[0])
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
    }
}

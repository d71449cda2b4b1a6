using System.Globalization;
using System.Net;

namespace DistTrain.Cli.Settings;

/// <summary>A host, as a name or an address, and a TCP port.</summary>
/// <param name="Host">IPv6 addresses without their brackets.</param>
/// <param name="Port">From 0 to 65535; 0 in an address to listen on is any free port.</param>
internal readonly record struct NodeAddress(string Host, int Port)
{
    /// <summary>True: only this machine can reach it.</summary>
    public bool IsLoopback => IPAddress.TryParse(Host, out IPAddress? address)
        ? IPAddress.IsLoopback(address)
        : string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase);

    public static bool TryParse(string text, out NodeAddress address)
    {
        address = default;
        int colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(
            text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port))
        {
            return false;
        }

        string host = text[..colon];
        bool bracketed = host.StartsWith('[') && host.EndsWith(']');
        host = bracketed ? host[1..^1] : host;
        // Without brackets nobody could tell an IPv6 address's last group from a port.
        UriHostNameType kind = Uri.CheckHostName(host);
        if (kind == UriHostNameType.Unknown || kind == UriHostNameType.IPv6 != bracketed)
        {
            return false;
        }

        address = new NodeAddress(host, port);
        return true;
    }

    public override string ToString()
        => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}

using System.Net;

namespace DistTrain.MultiNode.Tests.Hosts;

/// <summary>
/// Hosts of their own on one machine: network namespaces, each joined to a bridge by a pair of virtual
/// interfaces. The test stands at the bridge.
/// <code>
///   test 10.213.77.1 ── bridge ──┬── port ═══ eth0 10.213.77.2 (host 2)
///                                └── port ═══ eth0 10.213.77.3 (host 3)
/// </code>
/// Only root on Linux may have them; elsewhere the test is skipped.
/// </summary>
internal sealed class NetworkHosts : IDisposable
{
    private const string Net = "10.213.77";
    private readonly string _prefix = $"dt{Environment.ProcessId % 100_000}";
    private readonly Dictionary<string, int> _hosts = new(StringComparer.Ordinal);

    public NetworkHosts(params string[] hosts)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "hosts are made of Linux's network namespaces");
        Skip.IfNot(Environment.IsPrivilegedProcess, "making network namespaces needs root");
        string? refusal = Ip.Try($"ip link add {Bridge} type bridge");
        Skip.If(refusal is not null, $"no hosts can be made here: {refusal}");
        try
        {
            Ip.Run($"ip addr add {Net}.1/24 dev {Bridge}");
            Ip.Run($"ip link set {Bridge} up");
            foreach (string host in hosts)
            {
                Add(host);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private string Bridge => $"{_prefix}br";

    public IPAddress AddressOf(string host) => IPAddress.Parse($"{Net}.{_hosts[host]}");

    /// <summary>What stands before a command line to run it there.</summary>
    public string[] CommandAt(string host) => ["ip", "netns", "exec", NamespaceOf(host)];

    /// <summary>
    /// From now on all that the host sends is treated so, e.g. "delay 20ms loss 2%"; skips the test where the
    /// kernel cannot.
    /// </summary>
    public void Impair(string host, string how)
    {
        string? refusal = Ip.Try(
            $"ip netns exec {NamespaceOf(host)} tc qdisc replace dev eth0 root netem {how}");
        Skip.If(refusal is not null, $"this kernel has no netem: {refusal}");
    }

    /// <summary>Takes the host's plug out of the bridge: nothing passes and nobody is told.</summary>
    public void Part(string host) => Ip.Run($"ip link set {PortOf(host)} nomaster");

    /// <summary>Puts it in again.</summary>
    public void Heal(string host) => Ip.Run($"ip link set {PortOf(host)} master {Bridge}");

    public void Dispose()
    {
        foreach (string host in _hosts.Keys)
        {
            Ip.Try($"ip link del {PortOf(host)}");
            Ip.Try($"ip netns del {NamespaceOf(host)}");
        }

        Ip.Try($"ip link del {Bridge}");
    }

    private string NamespaceOf(string host) => $"{_prefix}-{host}";

    private string PortOf(string host) => $"{_prefix}p{_hosts[host]}";

    private void Add(string host)
    {
        _hosts[host] = _hosts.Count + 2;
        string there = $"ip netns exec {NamespaceOf(host)} ip";
        string? refusal = Ip.Try($"ip netns add {NamespaceOf(host)}");
        Skip.If(refusal is not null, $"no hosts can be made here: {refusal}");
        Ip.Run($"ip link add {PortOf(host)} type veth peer name {_prefix}v{_hosts[host]}");
        Ip.Run($"ip link set {_prefix}v{_hosts[host]} netns {NamespaceOf(host)} name eth0");
        Ip.Run($"ip link set {PortOf(host)} master {Bridge} up");
        Ip.Run($"{there} addr add {AddressOf(host)}/24 dev eth0");
        Ip.Run($"{there} link set eth0 up");
        Ip.Run($"{there} link set lo up");
    }
}

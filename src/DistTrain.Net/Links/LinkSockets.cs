using System.Net.Sockets;

namespace DistTrain.Net.Links;

/// <summary>How the sockets of links are set up, on either end.</summary>
internal static class LinkSockets
{
    /// <summary>
    /// Buffer sizes are left to the system, which grows them with what the path holds, up to 4 MiB for
    /// sending and 6 MiB for receiving on a plain Linux. Sizes set by hand end that growth, are cut to
    /// net.core.wmem_max (208 KiB on a plain Linux), and were slower over the loopback wherever they
    /// differed. A heartbeat waits behind what the system's send buffer holds: at most 32 ms on a gigabit.
    /// </summary>
    public static void Configure(Socket socket)
    {
        // Frames are whole when they are written: waiting for more would only delay them.
        socket.NoDelay = true;
    }
}

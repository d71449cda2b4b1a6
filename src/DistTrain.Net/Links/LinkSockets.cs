using System.Net.Sockets;

namespace DistTrain.Net.Links;

/// <summary>How the sockets of links are set up, on either end.</summary>
internal static class LinkSockets
{
    public static void Configure(Socket socket)
    {
        // Frames are whole when they are written: waiting for more would only delay them.
        socket.NoDelay = true;
    }
}

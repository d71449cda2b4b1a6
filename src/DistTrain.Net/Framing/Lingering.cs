using System.Net.Sockets;

namespace DistTrain.Net.Framing;

/// <summary>
/// Closing a socket so that last words arrive. A socket closed with bytes unread resets the connection, and
/// the reset may destroy what was sent just before: so this end says that it is done, reads past what still
/// comes until the other end is done too, and closes then, or when patience is over.
/// </summary>
internal static class Lingering
{
    private const int WasteBytes = 16 << 10;

    public static async Task CloseAsync(Stream stream, Socket? socket, TimeSpan patience)
    {
        if (socket is not null)
        {
            using var limit = new CancellationTokenSource(patience);
            try
            {
                socket.Shutdown(SocketShutdown.Send);
                byte[] waste = new byte[WasteBytes];
                while (await socket.ReceiveAsync(waste.AsMemory(), limit.Token) > 0)
                {
                    // Whatever it was, nobody waits for it.
                }
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException
                or ObjectDisposedException)
            {
                // The other end is gone, or does not finish: there is nobody left to be polite to.
            }
        }
        await stream.DisposeAsync();
    }
}

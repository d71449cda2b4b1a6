using System.Net;
using System.Net.Sockets;

namespace DistTrain.Compare.Exchange;

/// <summary>
/// The bytes of an exchange over bare blocking sockets, in the same pattern: out to every worker, back from
/// every worker, a thread for each, all wait for all. No frames, no sum: what the loopback can carry.
/// </summary>
internal static class SocketCopy
{
    /// <summary>Says its port, waits for its workers, and says the median round.</summary>
    public static void RunHub(int floats, int rounds)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Console.WriteLine($"{{\"port\":{((IPEndPoint)listener.LocalEndPoint!).Port}}}");
        byte[] weights = new byte[floats * sizeof(float)];
        var clock = new ExchangeClock(rounds);
        bool more = true;
        using var together = new Barrier(LinkHub.Workers, _ => more = clock.Next());
        Thread[] threads =
        [
            .. Enumerable.Range(0, LinkHub.Workers).Select(_ =>
            {
                Socket worker = listener.Accept();
                return new Thread(() => Serve(worker));
            }),
        ];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Console.WriteLine(clock.ToJson());

        void Serve(Socket worker)
        {
            using (worker)
            {
                worker.NoDelay = true;
                byte[] gradient = new byte[weights.Length];
                while (more)
                {
                    worker.Send(weights);
                    Fill(worker, gradient);
                    together.SignalAndWait();
                }
            }
        }
    }

    /// <summary>Answers until the other end closes.</summary>
    public static void RunLeaf(int port, int floats)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.NoDelay = true;
        socket.Connect(IPAddress.Loopback, port);
        byte[] weights = new byte[floats * sizeof(float)];
        byte[] gradient = new byte[weights.Length];
        while (Fill(socket, weights))
        {
            socket.Send(gradient);
        }
    }

    /// <summary>False: the other end has closed.</summary>
    private static bool Fill(Socket socket, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            int received = socket.Receive(bytes);
            if (received == 0)
            {
                return false;
            }
            bytes = bytes[received..];
        }
        return true;
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DistTrain.Data.Tests.Downloads;

/// <summary>A web server on the loopback that answers as a test tells it, one request after the
/// other.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Func<HttpListenerContext, Task> _answer;
    private readonly Task _loop;

    public FileServer(Func<HttpListenerContext, Task> answer)
    {
        _answer = answer;
        int port = FreePort();
        Root = new Uri($"http://127.0.0.1:{port}/");
        _listener.Prefixes.Add(Root.AbsoluteUri);
        _listener.Start();
        _loop = Task.Run(LoopAsync);
    }

    public Uri Root { get; }

    /// <summary>"path range if-range" of every request, "-" for a header that is not there.</summary>
    public ConcurrentQueue<string> Requests { get; } = [];

    /// <summary>Serves bytes as a good server does: entity tag, ranges, If-Range.</summary>
    public static async Task ServeAsync(
        HttpListenerContext context, byte[] content, string? tag = "\"v1\"", bool ranges = true,
        int? cutAfter = null)
    {
        HttpListenerResponse response = context.Response;
        int from = 0;
        if (ranges && context.Request.Headers["Range"] is { } range
            && context.Request.Headers["If-Range"] == tag)
        {
            from = int.Parse(range["bytes=".Length..^1]);
            response.StatusCode = 206;
            response.Headers["Content-Range"] = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }

        if (tag is not null)
        {
            response.Headers["ETag"] = tag;
        }

        response.ContentLength64 = content.Length - from;
        int end = cutAfter ?? content.Length;
        await response.OutputStream.WriteAsync(content.AsMemory(from, Math.Max(0, end - from)));
        if (cutAfter is null)
        {
            response.Close();
        }
        else
        {
            await response.OutputStream.FlushAsync();
            response.Abort();
        }
    }

    public static void Refuse(HttpListenerContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Close();
    }

    public void Dispose()
    {
        _listener.Close();
        _loop.Wait();
    }

    private async Task LoopAsync()
    {
        while (true)
        {
            try
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                Requests.Enqueue(
                    $"{context.Request.Url!.AbsolutePath} {context.Request.Headers["Range"] ?? "-"}"
                    + $" {context.Request.Headers["If-Range"] ?? "-"}");
                await _answer(context);
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or IOException
                or InvalidOperationException)
            {
                if (!_listener.IsListening)
                {
                    return;
                }
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

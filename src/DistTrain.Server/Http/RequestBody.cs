using System.Text;
using System.Text.Json;
using DistTrain.Api;
using DistTrain.Api.Json;

namespace DistTrain.Server.Http;

/// <summary>Bodies of requests: bounded, and explained where they are not what they should be.</summary>
internal static class RequestBody
{
    /// <summary>All bytes of a body.</summary>
    /// <exception cref="ProblemException">413: there are more than the limit.</exception>
    public static async Task<byte[]> ReadAsync(HttpRequest request, int limit, CancellationToken cancellation)
    {
        if (request.ContentLength > limit)
        {
            throw new ProblemException(ApiProblems.TooLarge(limit));
        }

        var bytes = new MemoryStream();
        byte[] piece = new byte[16 << 10];
        while (await request.Body.ReadAsync(piece, cancellation) is var count and > 0)
        {
            if (bytes.Length + count > limit)
            {
                throw new ProblemException(ApiProblems.TooLarge(limit));
            }

            bytes.Write(piece, 0, count);
        }

        return bytes.ToArray();
    }

    /// <summary>The text of a body as a JSON value, checked as a whole.</summary>
    /// <exception cref="ProblemException">400: it is not JSON; the place is told.</exception>
    public static JsonDocument Parse(byte[] body)
    {
        try
        {
            _ = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
                .GetCharCount(body);
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = ApiLimits.JsonDepth });
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(ApiProblems.Fault(["request body: it is not UTF-8"]));
        }
    }

    /// <summary>A body of a known form.</summary>
    /// <exception cref="ProblemException">400: it is not of that form; the place is told.</exception>
    public static T Read<T>(byte[] body)
    {
        try
        {
            return ApiJson.Read<T>(body);
        }
        catch (JsonException e)
        {
            throw Malformed(e);
        }
    }

    /// <summary>Lines and columns count from 1, as in every other message.</summary>
    private static ProblemException Malformed(JsonException e)
    {
        string place = e.LineNumber is { } line
            ? $":{line + 1}:{(e.BytePositionInLine ?? 0) + 1}" : "";
        string path = e.Path is { Length: > 2 } at ? $" ({at})" : "";
        string text = e.Message;
        int tail = text.IndexOf(" Path: ", StringComparison.Ordinal) is var p and >= 0
            ? p : text.IndexOf(" LineNumber: ", StringComparison.Ordinal);
        string why = (tail > 0 ? text[..tail] : text).TrimEnd('.', ' ');
        return new ProblemException(ApiProblems.Fault([$"request body{place}: {why}{path}"]));
    }
}

using DistTrain.Api;
using DistTrain.Core;

namespace DistTrain.Server.Http;

/// <summary>
/// Sees to it that every answer that is no success is a problem: those that nobody has given words, and
/// whatever was thrown. No stack trace and no page of the framework's leaves this server.
/// </summary>
internal sealed class ProblemMiddleware(RequestDelegate next, ApiServerOptions options)
{
    public async Task InvokeAsync(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to tell.
            return;
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await ProblemResult.WriteAsync(context, Of(e, context.Request));
            return;
        }
        catch (Exception e)
        {
            // Half an answer is out. Cutting the connection is the only way left to say that it is not whole.
            options.Warn($"{Name(context.Request)} was cut short: {Words(e)}");
            context.Abort();
            return;
        }

        int status = context.Response.StatusCode;
        if (status >= 400 && !context.Response.HasStarted && context.Response.ContentType is null)
        {
            await ProblemResult.WriteAsync(context, ApiProblems.OfStatus(status, context.Request));
        }
    }

    private static string Name(HttpRequest request) => $"{request.Method} {request.Path}";

    private static string Words(Exception e) => $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")}";

    private Problem Of(Exception e, HttpRequest request)
    {
        switch (e)
        {
            case ProblemException known:
                return known.Problem;
            case UserFaultException fault:
                return ApiProblems.Fault(fault.Problems);
            case BadHttpRequestException bad:
                return ApiProblems.OfStatus(bad.StatusCode, request);
            case RunFaultException fault:
                options.Warn($"{Name(request)}: {fault.Message}");
                return ApiProblems.Internal(fault.Message);
            default:
                options.Warn($"{Name(request)}: {Words(e)}");
                return ApiProblems.Internal("an error of its own; the coordinator's log says more");
        }
    }
}

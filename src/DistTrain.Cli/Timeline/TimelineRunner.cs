using DistTrain.Api;
using DistTrain.Cli.Client;
using DistTrain.Core;
using DistTrain.Runs;
using DistTrain.Runs.Storage;
using DistTrain.Runs.Timeline;

namespace DistTrain.Cli.Timeline;

/// <summary>One <c>disttrain timeline</c>: finds the run, chooses the steps, writes and tells.</summary>
internal static class TimelineRunner
{
    /// <summary>Steps shown where nothing is said: few enough for any viewer.</summary>
    private const int Usual = 200;

    public static async Task<int> RunAsync(
        CommandContext context, TimelineRequest request, CancellationToken cancellation)
    {
        (string name, TimelineRecord? recorded) = request.Server is { } server
            ? await OfJobAsync(context, server, request.Run, cancellation)
            : OfFolder(Path.GetFullPath(request.Run, context.Folder));
        if (recorded is not { Steps.Count: > 0 })
        {
            throw new UserFaultException(
                $"{name} has no timeline (yet): no step of it was recorded, as in runs of older versions");
        }

        TimelineRecord chosen = Choose(recorded, request, name);
        string trace = Path.GetFullPath(request.TracePath ?? $"{name}.timeline.json", context.Folder);
        Save("--out", trace, stream => TraceWriter.Write(stream, name, chosen.Steps, chosen.Phases));
        context.Errors.WriteLine(
            $"{trace}: open it in https://ui.perfetto.dev or chrome://tracing (it stays on this machine)");
        if (request.PicturePath is { } given)
        {
            string picture = Path.GetFullPath(given, context.Folder);
            byte[] svg = System.Text.Encoding.UTF8.GetBytes(
                TimelinePicture.File(chosen.Steps, chosen.Phases));
            Save("--svg", picture, stream => stream.Write(svg));
            context.Errors.WriteLine(picture);
        }

        var shares = TimeShares.Of(chosen.Steps);
        if (request.Json)
        {
            context.Output.WriteLine(TimelineText.Json(shares));
        }
        else
        {
            TimelineText.Write(chosen, shares, context);
        }

        return 0;
    }

    private static (string Name, TimelineRecord? Timeline) OfFolder(string path)
    {
        RunDirectory run = RunDirectory.Open(path);
        return (run.Name, TimelineReader.Read(run));
    }

    private static async Task<(string Name, TimelineRecord? Timeline)> OfJobAsync(
        CommandContext context, ClientSettings server, string word, CancellationToken cancellation)
    {
        IClusterControl control = context.Connect(server with { Notice = context.Errors.WriteLine });
        try
        {
            var session = new ClientSession(context, control, json: false, cancellation);
            string id = (await session.JobAsync(word)).Id;
            await using Stream? file = await control.FileAsync(id, JobFile.Timeline, cancellation);
            if (file is null)
            {
                return (id, null);
            }

            var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancellation);
            bytes.Position = 0;
            return (id, TimelineReader.Read(bytes, id));
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new RunFaultException($"{word}: its timeline did not arrive: {e.Message}", e);
        }
        finally
        {
            (control as IDisposable)?.Dispose();
        }
    }

    private static TimelineRecord Choose(TimelineRecord all, TimelineRequest request, string name)
    {
        IEnumerable<TimelineStep> wanted = request is { Steps: null, Epoch: null }
            ? all.Steps.TakeLast(Usual)
            : all.Steps.Where(step => request.Steps?.Contains(step.Step) != false
                && (request.Epoch is null || step.Epoch == request.Epoch));
        TimelineStep[] steps = [.. wanted];
        if (steps.Length == 0)
        {
            throw new UserFaultException(
                $"{name}: none of these steps is in its timeline; {TimelineText.Kept(all)}");
        }

        (long first, long last) = (steps.Min(step => step.Step), steps.Max(step => step.Step));
        return all with
        {
            Steps = steps,
            Phases = [.. all.Phases.Where(phase => phase.Step > first && phase.Step <= last + 1
                && phase.Begin >= steps[0].Begin)],
        };
    }

    private static void Save(string option, string path, Action<Stream> write)
    {
        try
        {
            AtomicFile.Replace(path, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFaultException($"{option}: {path} cannot be written: {e.Message}", e);
        }
    }
}

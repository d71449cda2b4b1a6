using System.Text;
using DistTrain.Api;
using DistTrain.Api.Json;
using DistTrain.Core;
using DistTrain.Core.Cluster;
using DistTrain.Core.Jobs.Documents;

namespace DistTrain.Cli.Client;

/// <summary>One command's talk with a coordinator.</summary>
/// <param name="context">The world.</param>
/// <param name="control">The coordinator.</param>
/// <param name="json">Results are one line of JSON.</param>
/// <param name="cancellation">The user's Ctrl-C.</param>
internal sealed class ClientSession(
    CommandContext context, IClusterControl control, bool json, CancellationToken cancellation)
{
    public CommandContext Context { get; } = context;

    public IClusterControl Control { get; } = control;

    public bool Json { get; } = json;

    public CancellationToken Cancellation { get; } = cancellation;

    /// <summary>
    /// The job that a word means: the one of that id, or the only one whose id begins with it.
    /// </summary>
    /// <exception cref="UserFaultException">There is none, or there are several.</exception>
    public async Task<JobView> JobAsync(string word)
    {
        if (await Control.JobAsync(word, Cancellation) is { } exact)
        {
            return exact;
        }

        IReadOnlyList<JobView> all = await Control.JobsAsync(Cancellation);
        JobView[] begun = [.. all.Where(job => job.Id.StartsWith(word, StringComparison.Ordinal))];
        return begun switch
        {
            [var only] => only,
            [] => throw Unknown("job", word, all.Select(job => job.Id), "disttrain job list"),
            _ => throw new UserFaultException(
                $"{word} is the beginning of several jobs: {string.Join(", ", begun.Select(job => job.Id))}"),
        };
    }

    /// <summary>The complaint about a name that nothing has.</summary>
    public static UserFaultException Unknown(
        string noun, string word, IEnumerable<string> known, string listing)
    {
        string hint = Spelling.Hint(word, known) is { Length: > 0 } near ? near : $"; see {listing}";
        return new UserFaultException($"there is no {noun} {Terminal.Units.Printable(word)}{hint}");
    }

    /// <summary>A view on stdout: as one line of JSON, or as a person reads it.</summary>
    public void Print<T>(T view, Action<T, TextWriter> forPeople)
    {
        if (Json)
        {
            Context.Output.WriteLine(Encoding.UTF8.GetString(ApiJson.Write(view)));
        }
        else
        {
            forPeople(view, Context.Output);
        }
    }

    /// <summary>What became of a command.</summary>
    /// <exception cref="UserFaultException">It was refused.</exception>
    public void Print(CommandResult result)
    {
        if (result.Status != CommandStatus.Done)
        {
            throw new UserFaultException(result.Text);
        }

        Print(new CommandReply(result.Status, result.Text), (reply, output) => output.WriteLine(reply.Text));
    }
}

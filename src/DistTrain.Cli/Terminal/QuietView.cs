using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Terminal;

/// <summary>Notices alone, a line each.</summary>
public sealed class QuietView(TextWriter writer) : IRunView
{
    void IRunObserver.OnNotice(string text) => writer.WriteLine(Units.Printable(text));

    public void Dispose() => writer.Flush();
}

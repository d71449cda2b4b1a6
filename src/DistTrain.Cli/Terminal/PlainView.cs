using DistTrain.Core.Coordination;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// For pipes and logs: a line when the run starts, one an epoch, one a notice. ASCII throughout and without
/// escape codes, in words that grep finds.
/// </summary>
public sealed class PlainView(TextWriter writer) : IRunView
{
    private int _epochs;

    public void OnStarted(RunStarted run)
    {
        _epochs = run.Job.Epochs;
        writer.WriteLine(RunText.Opening(run));
    }

    public void OnEpoch(EpochMetrics epoch) => writer.WriteLine(RunText.Epoch(epoch, _epochs));

    public void OnNotice(string text) => writer.WriteLine(Units.Printable(text));

    public void Dispose() => writer.Flush();
}

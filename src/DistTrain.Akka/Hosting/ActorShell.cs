using Akka.Actor;
using DistTrain.Core.Hosting;
using IActor = DistTrain.Core.Hosting.IActor;

namespace DistTrain.Akka.Hosting;

/// <summary>
/// An actor of ours inside one of Akka.NET's: made, started, told and disposed of on the dispatcher it has.
/// What escapes goes on to the supervisor, noted first for those who watch.
/// </summary>
internal sealed class ActorShell(ShellCell cell, Func<IActor> create) : UntypedActor
{
    private IActor? _actor;

    protected override void PreStart() => Guarded(() =>
    {
        _actor = create();
        _actor.Started();
    });

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case IMessage ours:
                cell.Taken();
                Guarded(() => _actor!.Receive(ours));
                break;
            case StopShell:
                Context.Stop(Self);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        try
        {
            _actor?.Dispose();
        }
        finally
        {
            cell.End();
        }
    }

    private void Guarded(Action action)
    {
        try
        {
            action();
        }
        catch (Exception fault)
        {
            cell.Fail(fault);
            throw;
        }
    }
}

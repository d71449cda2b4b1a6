using Akka.Actor;
using DistTrain.Core.Hosting;

namespace DistTrain.Akka.Hosting;

/// <summary>
/// The parent and supervisor of a host's actors. No child is restarted in place: a worker that lost its
/// replica has lost its part in a step, which only the machines can give to somebody, so its end is told and
/// the node's machine starts another (see <see cref="FaultPolicy"/>).
/// </summary>
internal sealed class HostGuardian(Action<ActorId, Exception> broken) : UntypedActor
{
    private readonly Dictionary<IActorRef, ShellCell> _cells = [];

    protected override SupervisorStrategy SupervisorStrategy()
        => new OneForOneStrategy(Decider.From(Decide));

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case StartShell start:
                IActorRef shell = Context.ActorOf(start.Props);
                _cells[shell] = start.Cell;
                Context.Watch(shell);
                start.Cell.Attach(shell);
                break;
            case Terminated terminated:
                // Usually it has said so itself; one whose making failed could not.
                if (_cells.Remove(terminated.ActorRef, out ShellCell? cell))
                {
                    cell.End();
                }
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private Directive Decide(Exception fault)
    {
        Exception cause = fault is ActorInitializationException { InnerException: { } inner } ? inner : fault;
        ShellCell? cell = _cells.Values.FirstOrDefault(one => ReferenceEquals(one.Fault, cause));
        if (cell is not null && FaultPolicy.IsBrokenInvariant(cause))
        {
            broken(cell.Id, cause);
        }
        return Directive.Stop;
    }
}

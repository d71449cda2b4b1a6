using System.Runtime.InteropServices;
using DistTrain.Core;

namespace DistTrain.Akka.Hosting;

/// <summary>
/// Tells two kinds of exceptions apart that may escape from an actor.
/// <para>An <b>engine's fault</b> (memory, a device, a file, a model that cannot be built) is of this actor
/// alone: it is stopped, the node's machine gives its session up, registers anew and starts a fresh worker
/// actor. That is the restart; done in place, the coordinator would wait for gradients that nobody
/// computes.</para>
/// <para>Anything else is a <b>broken invariant</b> of the program: nothing it holds can be trusted any more,
/// and the node stops.</para>
/// </summary>
internal static class FaultPolicy
{
    public static bool IsBrokenInvariant(Exception fault) => fault is not (
        DistTrainException or ExternalException or OutOfMemoryException or IOException
        or UnauthorizedAccessException or OperationCanceledException);
}

using DistTrain.Core.Coordination.Pace;
using DistTrain.Core.Hosting;

namespace DistTrain.Core.Coordination;

/// <summary>
/// A worker of the run: what is known of its speed, and where it stands with the work in hand. One that comes
/// back under the same name after it was lost gets a new entry, so nothing of its former life counts.
/// </summary>
internal sealed class RosterEntry(ActorId id, double declaredSpeed)
{
    public ActorId Id => id;

    /// <summary>Relative; counts until steps have been measured.</summary>
    public double DeclaredSpeed => declaredSpeed;

    /// <summary>Of its steps.</summary>
    public PaceMeter Pace { get; } = new();

    /// <summary>Of its evaluations: without a backward pass, and in chunks of another size.</summary>
    public PaceMeter EvaluationPace { get; } = new();

    /// <summary>It gets no new orders and goes once it owes nothing.</summary>
    public bool IsLeaving { get; set; }

    public bool IsSlow { get; set; }

    /// <summary>When it was last named as slow.</summary>
    public TimeSpan? NamedSlowAt { get; set; }

    // The work in hand --------------------------------------------------------------------------------------

    /// <summary>
    /// It was here when the work in hand was divided. Whoever came later gets a part from the next one on,
    /// and what arrives in its name before is another's ghost.
    /// </summary>
    public bool TakesPart { get; private set; }

    /// <summary>Units it was asked for that are not in.</summary>
    public int Owed { get; set; }

    /// <summary>When it was given its first order; null while it was given none.</summary>
    public TimeSpan? AskedAt { get; private set; }

    /// <summary>When it was last heard of or asked; patience counts from here.</summary>
    public TimeSpan QuietSince { get; private set; }

    /// <summary>Repeats since it was last heard of.</summary>
    public int Repeats { get; private set; }

    /// <summary>
    /// Samples of its first order while the time it takes for that says how fast it is; else 0.
    /// </summary>
    public int MeasuredSamples { get; set; }

    public void BeginWork(TimeSpan now)
    {
        TakesPart = !IsLeaving;
        Owed = 0;
        MeasuredSamples = 0;
        AskedAt = null;
        Heard(now);
    }

    public void Asked(TimeSpan now) => AskedAt ??= now;

    public void EndWork()
    {
        TakesPart = false;
        Owed = 0;
    }

    public void Heard(TimeSpan now)
    {
        QuietSince = now;
        Repeats = 0;
    }

    public void Reminded(TimeSpan now)
    {
        QuietSince = now;
        Repeats++;
    }
}

using DistTrain.Core.Coordination;
using DistTrain.Core.Memory;
using DistTrain.Core.Sharding;
using DistTrain.Net.Links;
using DistTrain.Net.Wire;

namespace DistTrain.Cluster.Coordinator;

/// <summary>
/// Where a run's gradients arrive: numbered buffers, taken when a subtree of the open step is announced and
/// given back when that step is behind. A gradient stays valid when its worker is lost, for it is the
/// coordinator's from the last byte on.
/// <code>
///   free ──announced, of the open step──► arriving ──last byte──► held ──not in use, or step over──► free
///                                            └────link lost───────────────────────────────► free
/// </code>
/// Called by the read loops of all links and by the coordinator's actor.
/// </summary>
internal sealed class GradientInbox : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ReductionTree _tree;
    private readonly long _length;
    private readonly List<Slot> _slots = [];
    private long _step;
    private bool _closed;

    /// <param name="tree">The canonical tree: only its nodes are taken.</param>
    /// <param name="length">Elements of a gradient.</param>
    /// <param name="step">The step to begin with.</param>
    public GradientInbox(ReductionTree tree, long length, long step)
        => (_tree, _length, _step) = (tree, length, step);

    /// <summary>The gradient in a buffer.</summary>
    public NativeBuffer<float> this[int slot]
    {
        get
        {
            lock (_lock)
            {
                return _slots[slot].Buffer;
            }
        }
    }

    /// <summary>From now on this step's gradients are taken, and no others.</summary>
    public void Open(long step)
    {
        lock (_lock)
        {
            if (step == _step)
            {
                return;
            }
            _step = step;
            foreach (Slot slot in _slots.Where(slot => slot.State == SlotState.Held))
            {
                slot.State = SlotState.Free;
            }
        }
    }

    /// <summary>
    /// A gradient is about to arrive. The result is the number of the buffer it goes into, or null: it
    /// belongs to a step that is behind.
    /// </summary>
    /// <exception cref="ProtocolFaultException">It cannot be one of this run's.</exception>
    public int? Begin(SubtreeReady announced, long bytes)
    {
        if (bytes != _length * sizeof(float))
        {
            throw new ProtocolFaultException(
                $"a gradient of {bytes} bytes where {_length * sizeof(float)} are due");
        }
        if (!_tree.IsNode(announced.Node) || announced.Shards.Count != announced.Node.Count)
        {
            throw new ProtocolFaultException($"shards {announced.Node} are no subtree of {_tree.Root}");
        }
        lock (_lock)
        {
            if (_closed || announced.Step != _step)
            {
                return null;
            }
            int number = _slots.FindIndex(slot => slot.State == SlotState.Free);
            if (number < 0)
            {
                // Every subtree there is can be under way twice after a reassignment, and no more.
                if (_slots.Count >= 4 * _tree.Root.Count)
                {
                    throw new ProtocolFaultException("more gradients at once than the step has subtrees");
                }
                number = _slots.Count;
                _slots.Add(new Slot(new NativeBuffer<float>(_length)));
            }
            _slots[number].State = SlotState.Arriving;
            _slots[number].Step = announced.Step;
            _slots[number].IsSeen = false;
            return number;
        }
    }

    public Payload Destination(int slot) => Payload.Of(this[slot]);

    /// <summary>All of it is here (or will never be): it is held while its step is open.</summary>
    public void End(int slot, bool complete)
    {
        lock (_lock)
        {
            Slot taken = _slots[slot];
            taken.State = complete && taken.Step == _step ? SlotState.Held : SlotState.Free;
            FreeIfClosed(taken);
        }
    }

    /// <summary>
    /// The machine has looked at an announcement. Held gradients it has seen and does not use (doubled ones,
    /// smaller ones under a larger, those of a step that was begun afresh) make room.
    /// </summary>
    public void Settle(SubtreeReady handled, IReadOnlyList<GradientSource> inUse)
    {
        lock (_lock)
        {
            Slot told = _slots[handled.Buffer];
            if (told.State != SlotState.Held || told.Step != handled.Step)
            {
                // Its step is behind, and the buffer another's by now.
                return;
            }
            told.IsSeen = true;
            for (int number = 0; number < _slots.Count; number++)
            {
                Slot slot = _slots[number];
                bool isUsed = inUse.Any(used => used.Buffer == number);
                if (slot is { State: SlotState.Held, IsSeen: true } && !isUsed)
                {
                    slot.State = SlotState.Free;
                }
            }
        }
    }

    /// <summary>The memory goes, that of arriving gradients when they have.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _closed = true;
            _slots.ForEach(FreeIfClosed);
        }
    }

    private void FreeIfClosed(Slot slot)
    {
        if (_closed && slot.State != SlotState.Arriving)
        {
            slot.Buffer.Dispose();
        }
    }

    private enum SlotState { Free, Arriving, Held }

    private sealed class Slot(NativeBuffer<float> buffer)
    {
        public NativeBuffer<float> Buffer { get; } = buffer;

        public SlotState State { get; set; }

        public long Step { get; set; }

        /// <summary>The machine has looked at its announcement.</summary>
        public bool IsSeen { get; set; }
    }
}

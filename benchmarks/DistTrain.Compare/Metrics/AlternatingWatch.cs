using System.Diagnostics;
using DistTrain.Core.Coordination;

namespace DistTrain.Compare.Metrics;

/// <summary>
/// Shows a run's steps to one of two observers by turns, a block of steps each, and times the blocks. Two
/// neighbouring blocks are a pair; which of the two goes first changes from pair to pair, so that a machine
/// that grows slower or faster favours neither.
/// </summary>
internal sealed class AlternatingWatch : IRunObserver
{
    /// <summary>
    /// Pairs that are not counted: .NET compiles its hot paths in them, those of scrapes too.
    /// </summary>
    private const int WarmUpPairs = 6;

    /// <summary>Prometheus asks as often in docker/prometheus.</summary>
    private const double SecondsBetweenScrapes = 5;

    private readonly IRunObserver _on;
    private readonly IRunObserver _off;
    private readonly int _stepsPerBlock;
    private readonly double[] _seconds;
    private readonly Action _enough;
    private int _block;
    private int _step;
    private int _scrapes;
    private double _onSeconds;
    private long _began;

    /// <param name="on">Is shown the steps of one block of each pair.</param>
    /// <param name="off">Is shown those of the other.</param>
    /// <param name="stepsPerBlock">Steps that are timed together.</param>
    /// <param name="pairs">Pairs that are counted.</param>
    /// <param name="enough">Called once, when all have been timed.</param>
    public AlternatingWatch(
        IRunObserver on, IRunObserver off, int stepsPerBlock, int pairs, Action enough)
    {
        (_on, _off, _stepsPerBlock, _enough) = (on, off, stepsPerBlock, enough);
        _seconds = new double[2 * (WarmUpPairs + pairs)];
    }

    /// <summary>Called in a block of the first observer when a scrape of it is due.</summary>
    public required Action Scrape { get; init; }

    /// <summary>Of all blocks, the uncounted among them.</summary>
    public int Steps => _seconds.Length * _stepsPerBlock;

    private IRunObserver Current => IsOn(_block) ? _on : _off;

    /// <summary>Of each pair the seconds without over the seconds with: samples/s on over off.</summary>
    public IReadOnlyList<double> Ratios()
        =>
        [
            .. Enumerable.Range(WarmUpPairs, _seconds.Length / 2 - WarmUpPairs).Select(pair =>
            {
                (double first, double second) = (_seconds[2 * pair], _seconds[2 * pair + 1]);
                return OnFirst(pair) ? second / first : first / second;
            }),
        ];

    public void OnStarted(RunStarted run)
    {
        _on.OnStarted(run);
        _off.OnStarted(run);
        Begin();
    }

    public void OnStep(StepMetrics step)
    {
        if (_block == _seconds.Length)
        {
            return;
        }
        Current.OnStep(step);
        if (++_step < _stepsPerBlock)
        {
            return;
        }
        _seconds[_block] = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        _onSeconds += IsOn(_block) && _block >= 2 * WarmUpPairs ? _seconds[_block] : 0;
        _block++;
        if (_block == _seconds.Length)
        {
            _enough();
            return;
        }
        Begin();
    }

    public void OnWorkers(IReadOnlyList<WorkerPace> workers) => Current.OnWorkers(workers);

    private static bool OnFirst(int pair) => pair % 2 == 0;

    private void Begin()
    {
        _step = 0;
        bool isWarmUp = _block < 2 * WarmUpPairs;
        if (IsOn(_block) && (isWarmUp || _onSeconds >= _scrapes * SecondsBetweenScrapes))
        {
            _scrapes += isWarmUp ? 0 : 1;
            Scrape();
        }
        _began = Stopwatch.GetTimestamp();
    }

    private static bool IsOn(int block) => OnFirst(block / 2) == (block % 2 == 0);
}

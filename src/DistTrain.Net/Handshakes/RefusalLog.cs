namespace DistTrain.Net.Handshakes;

/// <summary>
/// Says which connections were refused, at most so many lines in a window of time: a flood of strangers must
/// not fill a log. The first line of a later window says how many were left out.
/// </summary>
internal sealed class RefusalLog(Action<string> log, TimeProvider time)
{
    public const int LinesPerWindow = 20;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private long _windowStart = time.GetTimestamp();
    private int _lines;
    private long _leftOut;

    public void Write(string line)
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_windowStart) >= Window)
            {
                _windowStart = time.GetTimestamp();
                _lines = 0;
            }
            if (_lines == LinesPerWindow)
            {
                _leftOut++;
                return;
            }
            _lines++;
            log(_leftOut == 0 ? line : $"{line} ({_leftOut} more before it were not logged)");
            _leftOut = 0;
        }
    }
}

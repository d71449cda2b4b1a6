using Microsoft.Extensions.Logging;

namespace DistTrain.Server.Http;

/// <summary>
/// What the web server has to say goes where the coordinator wants it, from warnings up, a line each;
/// standard output stays what it is.
/// </summary>
internal sealed class WarningLog(Action<string> warn) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            string cause = exception is null ? "" : $" ({exception.Message})";
            warn($"{formatter(state, exception)}{cause}".ReplaceLineEndings(" "));
        }
    }

    public void Dispose() { }
}

using System.Runtime.InteropServices;
using System.Text;

namespace DistTrain.Cli.Terminal;

/// <summary>
/// The terminal behind stderr. Its size is asked of stderr itself: <see cref="Console.WindowWidth"/> looks at
/// stdout and stdin, and both may be redirected while stderr is not.
/// </summary>
public sealed partial class ErrorTerminal : ITerminal
{
    private const int StandardError = 2;
    private const nuint GetWindowSize = 0x5413; // TIOCGWINSZ of Linux
    private readonly Stream _stream = Console.OpenStandardError();

    public (int Width, int Height) Size
    {
        get
        {
            if (OperatingSystem.IsLinux()
                && Control(StandardError, GetWindowSize, out WindowSize size) == 0
                && size is { Columns: > 0, Rows: > 0 })
            {
                return (size.Columns, size.Rows);
            }

            return (Math.Max(Console.WindowWidth, 1), Math.Max(Console.WindowHeight, 1));
        }
    }

    public void Write(string text)
    {
        _stream.Write(Encoding.UTF8.GetBytes(text));
        _stream.Flush();
    }

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(int descriptor, nuint request, out WindowSize size);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct WindowSize
    {
        public readonly ushort Rows;
        public readonly ushort Columns;
        public readonly ushort WidthInPixels;
        public readonly ushort HeightInPixels;
    }
}

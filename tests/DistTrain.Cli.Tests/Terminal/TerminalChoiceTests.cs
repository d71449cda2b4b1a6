using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Tests.Terminal;

public class TerminalChoiceTests
{
    [SkippableTheory]
    [InlineData(false, false, "xterm-256color", TerminalMode.Live)]
    [InlineData(false, true, "xterm-256color", TerminalMode.Plain)]
    [InlineData(false, false, "dumb", TerminalMode.Plain)]
    [InlineData(false, false, null, TerminalMode.Plain)]
    [InlineData(true, false, "xterm-256color", TerminalMode.Quiet)]
    [InlineData(true, true, null, TerminalMode.Quiet)]
    public void The_view_suits_the_terminal(bool quiet, bool redirected, string? term, TerminalMode expected)
    {
        Skip.If(OperatingSystem.IsWindows(), "consoles of Windows are always shown the plain view");
        TerminalChoice.Of(quiet, redirected, name => name == "TERM" ? term : null)
            .ShouldBe(new TerminalChoice(expected, Color: true));
    }

    [Theory]
    [InlineData("1", false)]
    [InlineData("", true)]
    [InlineData(null, true)]
    public void No_color_is_honoured_when_it_is_not_empty(string? value, bool color)
        => TerminalChoice.Of(false, false, name => name == "NO_COLOR" ? value : "xterm")
            .Color.ShouldBe(color);
}

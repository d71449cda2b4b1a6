using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Tests.Terminal;

public class TextTableTests
{
    [Fact]
    public void Columns_are_as_wide_as_their_widest_cell_and_numbers_stand_to_the_right()
        => Write(TextLook.Plain).ShouldBe(
            "name    count  note\n"
            + "a           5  first\n"
            + "longer  1,000  ?[2J second\n");

    [Fact]
    public void A_narrow_terminal_loses_expendable_columns_and_then_cuts()
    {
        Write(new TextLook(20, Color: false)).ShouldBe("name    count\na           5\nlonger  1,000\n");
        Write(new TextLook(10, Color: false)).ShouldBe("name    co\na         \nlonger  1,\n");
    }

    [Fact]
    public void Colours_come_only_where_they_are_wanted()
        => Write(new TextLook(100, Color: true)).ShouldContain("\e[2mname  \e[0m");

    private static string Write(TextLook look)
    {
        var output = new StringWriter { NewLine = "\n" };
        var table = new TextTable(new("name"), new("count", Right: true), new("note", Expendable: true));
        table.Add("a", "5", "first");
        table.Add("longer", "1,000", "\e[2J second");
        table.Write(output, look);
        string text = output.ToString();
        return look.Color ? text : string.Join('\n', text.Split('\n').Select(line =>
            look.Width < 20 ? line : line.TrimEnd()));
    }
}

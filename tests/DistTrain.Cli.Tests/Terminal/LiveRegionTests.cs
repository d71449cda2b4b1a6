using DistTrain.Cli.Terminal;

namespace DistTrain.Cli.Tests.Terminal;

public class LiveRegionTests
{
    [Fact]
    public void The_region_is_drawn_over_and_lines_that_stay_go_above_it()
    {
        var screen = new Screen(20, 6);
        var region = new LiveRegion(screen, color: true);
        region.Draw([], Lines("step 1 of many", "loss 2"));
        region.Draw(Lines("epoch 1"), Lines("step 2", "loss 1"));
        region.Draw([], Lines("step 3", "loss 0"));
        screen.Text.ShouldBe(["epoch 1", "step 3", "loss 0"]);
        region.Close(Lines("the end"));
        screen.Text.ShouldBe(["epoch 1", "the end"]);
        screen.CursorRow.ShouldBe(2);
    }

    [Fact]
    public void Lines_that_stay_scroll_away_and_none_is_lost()
    {
        var screen = new Screen(20, 5);
        var region = new LiveRegion(screen, color: false);
        string[] staying = [.. Enumerable.Range(0, 30).Select(i => $"epoch {i}")];
        foreach (string line in staying)
        {
            region.Draw(Lines(line), Lines("a", "b", "c"));
        }

        screen.Text.ShouldBe([.. staying, "a", "b", "c"]);
    }

    [Fact]
    public void A_long_line_that_stays_wraps_and_the_region_follows_it()
    {
        var screen = new Screen(10, 8);
        var region = new LiveRegion(screen, color: false);
        region.Draw([], Lines("one", "two"));
        region.Draw(Lines("0123456789abcde"), Lines("one", "two"));
        region.Draw(Lines("0123456789"), Lines("one", "two"));
        screen.Text.ShouldBe(["0123456789", "abcde", "0123456789", "one", "two"]);
    }

    [Fact]
    public void Lines_of_the_region_are_cut_before_the_last_column_and_at_the_height()
    {
        var screen = new Screen(10, 3);
        var region = new LiveRegion(screen, color: true);
        Line coloured = new Line("0123", Ink.Train).Add("456789", Ink.Strong);
        region.Draw([], [coloured, new Line("b"), new Line("c")]);
        screen.Text.ShouldBe(["012345678", "b"]);
    }

    [Fact]
    public void A_shorter_region_leaves_nothing_of_the_longer_one()
    {
        var screen = new Screen(20, 6);
        var region = new LiveRegion(screen, color: false);
        region.Draw([], Lines("long line one", "long line two", "long line three"));
        region.Draw([], Lines("short"));
        screen.Text.ShouldBe(["short"]);
    }

    [Fact]
    public void What_has_not_changed_is_not_written_again()
    {
        var screen = new Screen(20, 6);
        var region = new LiveRegion(screen, color: false);
        region.Draw([], Lines("same"));
        region.Draw([], Lines("same"));
        screen.Writes.Count.ShouldBe(1);
    }

    [Fact]
    public void After_the_window_was_made_narrower_the_way_up_is_counted_in_folded_rows()
    {
        var screen = new Screen(21, 9);
        var region = new LiveRegion(screen, color: false);
        region.Draw([], Lines("0123456789abcdefghij", "short", "last")); // at 10 columns: 2 + 1 + 1 rows
        screen.Size = (10, 9);
        region.Draw([], Lines("x"));
        screen.Writes[^1].ShouldContain("\e[3A");
    }

    [Fact]
    public void Without_colour_no_colour_code_is_written()
    {
        var screen = new Screen(20, 6);
        new LiveRegion(screen, color: false).Draw([new Line("a", Ink.Strong)], [new Line("b", Ink.Train)]);
        screen.Writes.ShouldAllBe(text => !text.Contains('m'));
        new LiveRegion(screen, color: true).Draw([new Line("a", Ink.Strong)], [new Line("b", Ink.Train)]);
        screen.Writes[^1].ShouldContain("\e[1ma\e[0m");
    }

    private static Line[] Lines(params string[] texts) => [.. texts.Select(text => new Line(text))];
}

using System.Globalization;
using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Tests;

public sealed class TerminalTests
{
    private const string ClearLine = "\r\e[K";

    private static readonly SentenceEnd Final = new() { BeginTime = TimeSpan.FromMilliseconds(3_661_250), Time = TimeSpan.FromMilliseconds(3_662_000), Text = "The end." };

    [Fact]
    public void Interim_results_change_in_place_and_the_final_takes_their_line()
    {
        Print(width: 80, Interim("hello"), Interim("hello world"), Final).Should().Be(
            $"{ClearLine}hello{ClearLine}hello world{ClearLine}[1:01:01.2 - 1:01:02.0] The end.\n");
    }

    [Fact]
    public void An_interim_result_longer_than_the_line_shows_its_end()
    {
        Print(width: 10, Interim("one two three")).Should().Be($"{ClearLine}two three");
    }

    [Fact]
    public void Chinese_characters_take_two_cells_and_none_is_halved()
    {
        Print(width: 10, Interim("今天天气很好")).Should().Be($"{ClearLine}天气很好");
        Print(width: 8, Interim("好𠀀好")).Should().Be($"{ClearLine}𠀀好");
        Print(width: 6, Interim("好𠀀好")).Should().Be($"{ClearLine}好");
    }

    [Fact]
    public void Interim_results_are_left_out_where_no_terminal_is()
    {
        Print(width: null, Interim("hello"), Final).Should().Be("[1:01:01.2 - 1:01:02.0] The end.\n");
    }

    [Theory]
    [InlineData(80)]
    [InlineData(null)]
    public void A_text_of_the_service_is_one_line_and_no_command_to_the_terminal(int? width)
    {
        Print(width, Final with { Text = "The\r\nend\tis\e[31mred.\n" }).Should().Be("[1:01:01.2 - 1:01:02.0] The end is\uFFFD[31mred.\n");
        Print(width, Final with { Text = "\n" }).Should().BeEmpty();
        Print(80, Interim("one\ntwo\r\e[2Jthree")).Should().Be($"{ClearLine}one two \uFFFD[2Jthree");
    }

    [Fact]
    public void The_sentence_in_a_live_screen_is_one_line_and_no_command_to_the_terminal()
    {
        var command = new CommandLine { TerminalWidth = 80 };

        new Screen(command.Surroundings).ShowLive("one\n\e[2Jtwo", null);

        command.Output.Should().Be($"{ClearLine}one \uFFFD[2Jtwo");
    }

    [Fact]
    public void Names_in_lines_that_change_are_one_line_and_no_command_to_the_terminal()
    {
        var command = new CommandLine { TerminalWidth = 80, ErrorWidth = 80 };
        var screen = new Screen(command.Surroundings);

        screen.ShowBars(["a\n\e[2Jb.wav ░░"]);
        screen.ShowTable(["set aside: a\n\e[2Jb.wav"]);

        command.ErrorLines[0].Should().Be("a \uFFFD[2Jb.wav ░░");
        command.OutputLines[0].Should().Be("set aside: a \uFFFD[2Jb.wav");
    }

    [Theory]
    [InlineData(59.9, "00:59.9")]
    [InlineData(3_600, "1:00:00.0")]
    [InlineData(90_061, "25:01:01.0")]
    [InlineData(360_000, "100:00:00.0")]
    public void Hours_are_printed_in_full(double seconds, string expected)
    {
        TextTranscript.Clock(TimeSpan.FromSeconds(seconds)).Should().Be(expected);
    }

    [Theory]
    [InlineData(60, "connected · 00:08 · 4 sentences")]
    [InlineData(35, "connected · 00:08 · 4 sentences")]
    [InlineData(34, "connected · 00:08 · 4 sentences")]
    [InlineData(33, "connected · 00:08")]
    [InlineData(20, "connected · 00:08")]
    [InlineData(15, "connected")]
    [InlineData(10, "connect")]
    public void A_state_has_as_many_of_its_parts_as_fit_into_the_line(int width, string expected)
    {
        var command = new CommandLine { TerminalWidth = width };

        new Screen(command.Surroundings).ShowLive("", "connected · 00:08 · 4 sentences · asr.a-very-long-name-of-a-host.example:18765");

        command.Output.Should().Be(ClearLine + expected);
    }

    private static TranscriptionResultChanged Interim(string text) => new() { Text = text };

    private static string Print(int? width, params TranscriptionEvent[] events)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var transcript = new TextTranscript(
            new Screen(new Surroundings
            {
                Output = output,
                Error = TextWriter.Null,
                OpenInput = () => Stream.Null,
                Variable = _ => null,
                TerminalWidth = () => width,
                ErrorWidth = () => null,
                Clock = TimeProvider.System,
            }),
            isLabeled: false);
        foreach (var happened in events)
        {
            transcript.Write("a.wav", null, happened);
        }

        return output.ToString();
    }
}

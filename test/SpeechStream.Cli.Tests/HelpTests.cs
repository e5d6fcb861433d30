using SpeechStream.Cli.Output;

namespace SpeechStream.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("Commands:")]
    [InlineData("Commands:", "help")]
    [InlineData("Commands:", "--help")]
    [InlineData(" transcribe <INPUT>... [options]", "help", "transcribe")]
    [InlineData(" transcribe <INPUT>... [options]", "transcribe", "--help")]
    [InlineData(" doctor [<FILE>] [options]", "help", "doctor")]
    [InlineData("  <INPUT>  - is standard input.", "help", "live")]
    public async Task Help_is_where_people_look_for_it(string expected, params string[] args)
    {
        var command = new CommandLine();

        (await command.RunAsync(args)).Should().Be(0);

        command.Output.Should().Contain(expected);
        command.ErrorLines.Should().BeEmpty();
    }

    [Theory]
    [InlineData("'foo' is no command.", "help", "foo")]
    [InlineData("'foo' is no command.", "foo", "--help")]
    [InlineData("Did you mean transcribe?", "help", "transcrib")]
    [InlineData("'more' is too much.", "help", "doctor", "call.wav", "more")]
    public async Task Help_on_what_does_not_exist_says_so(string expected, params string[] args)
    {
        var command = new CommandLine();

        (await command.RunAsync(args)).Should().Be(2);

        command.ErrorLines.Should().ContainSingle().Which.Should().Contain(expected);
        command.Output.Should().BeEmpty();
    }

    [Theory]
    [InlineData(40)]
    [InlineData(80)]
    public async Task Help_fits_into_the_terminal(int width)
    {
        foreach (var name in new[] { "help", "transcribe", "live", "fleet", "gateway", "replay", "doctor", "token", "key", "completion" })
        {
            var command = new CommandLine { TerminalWidth = width };
            await command.RunAsync(name, "--help");
            command.OutputLines.Should().OnlyContain(line => line.Sum(Cells.Of) <= width, name);
        }
    }

    [Fact]
    public async Task Examples_stay_lines_of_their_own()
    {
        var command = new CommandLine { TerminalWidth = 80 };

        await command.RunAsync("fleet", "--help");

        command.OutputLines.Select(line => line.Trim()).Should().Contain("speechstream fleet run FOLDER --output DIR").And.Contain("speechstream fleet status");
    }

    [Fact]
    public async Task The_list_of_commands_has_the_first_paragraph_of_each()
    {
        var command = new CommandLine();

        await command.RunAsync();

        command.Output.Should().Contain("Look for what keeps sessions from working").And.NotContain("Exit code");
    }

    [Theory]
    [InlineData("transcribe <INPUT>")]
    [InlineData("live  ")]
    [InlineData("doctor  ")]
    [InlineData("submit <INPUT>", "fleet")]
    [InlineData("transcript  ", "fleet")]
    [InlineData("quota  ", "fleet")]
    public async Task The_list_of_commands_has_the_arguments_that_are_required(string expected, params string[] args)
    {
        var command = new CommandLine();

        await command.RunAsync([.. args, "--help"]);

        command.OutputLines.Should().ContainSingle(line => line.StartsWith($"  {expected}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_option_that_a_command_lacks_names_the_help_of_that_command()
    {
        var command = new CommandLine();

        await command.RunAsync("doctor", "--color");

        command.ErrorLines.Should().ContainSingle().Which.Should().EndWith("See 'speechstream doctor --help'.");
    }

    [Theory]
    [InlineData(new[] { "" }, "", 10)]
    [InlineData(new[] { "a bb", "ccc" }, "a bb ccc", 5)]
    [InlineData(new[] { "好好", "好 a" }, "好好好 a", 5)]
    [InlineData(new[] { "abcde", "fgh i" }, "abcdefgh i", 5)]
    [InlineData(new[] { "𠀀𠀀", "𠀀" }, "𠀀𠀀𠀀", 8)]
    public void Text_is_broken_at_cells(string[] expected, string text, int cells)
    {
        Cells.Wrap(text, cells).Should().Equal(expected);
    }
}

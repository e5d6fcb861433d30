using System.CommandLine;
using System.CommandLine.Help;
using System.Text.RegularExpressions;

namespace SpeechStream.Cli.Options;

/// <summary>The help, as wide as the terminal.</summary>
internal static partial class HelpText
{
    // Longer lines are hard to read, and where no terminal is, nobody says how long they may be.
    private const int MostCells = 100;

    /// <summary>The word <c>help</c> as the option, and nothing at all as well.</summary>
    public static string[] AsOption(string[] args) => args switch
    {
        [] => ["--help"],
        ["help", .. var rest] => [.. rest.SkipWhile(word => word == "help"), "--help"],
        _ => args,
    };

    /// <summary>Fits the help into the terminal. The descriptions of commands are paragraphs, and lines that are indented stay lines; the list of commands has the first paragraph of each, and the arguments that
    /// are required.</summary>
    public static void Fit(RootCommand root, ParseResult parsed, Surroundings surroundings)
    {
        if (parsed.Action is not HelpAction help)
        {
            return;
        }

        help.MaxWidth = Math.Min(MostCells, surroundings.TerminalWidth() ?? MostCells);
        var isList = parsed.CommandResult.Command == root;
        foreach (var command in root.Subcommands)
        {
            var paragraphs = (command.Description ?? "").ReplaceLineEndings("\n").Split("\n\n").Select(paragraph => WithinParagraph().Replace(paragraph, " "));
            command.Description = isList ? paragraphs.First() : string.Join("\n\n", paragraphs);
        }

        foreach (var argument in parsed.CommandResult.Command.Subcommands.SelectMany(command => command.Arguments))
        {
            // There the others look as if they were required, too.
            argument.Hidden = argument.Arity.MinimumNumberOfValues == 0;
        }
    }

    [GeneratedRegex(@"\n(?! )")]
    private static partial Regex WithinParagraph();
}

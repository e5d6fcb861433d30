using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using SpeechStream.Cli.Completion;
using SpeechStream.Cli.Doctor;
using SpeechStream.Cli.FleetCommands;
using SpeechStream.Cli.Keys;
using SpeechStream.Cli.Live;
using SpeechStream.Cli.Options;
using SpeechStream.Cli.Transcription;

namespace SpeechStream.Cli;

/// <summary>The command <c>speechstream</c>.</summary>
internal static class SpeechStreamCommand
{
    private const string Description =
        """
        Real-time transcription with Alibaba Cloud's speech service, or with a local stand-in of it.

        'speechstream help COMMAND' tells all about a command.
        """;

    // The name of a recording may begin with @.
    private static readonly ParserConfiguration WithoutResponseFiles = new() { ResponseFileTokenReplacer = null };

    // After Ctrl+C or SIGTERM: longer than a command needs to end by itself.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        var quiet = new Option<bool>("--quiet") { Description = "Print results and failures only: no notes, and no progress.", Recursive = true };
        var verbose = new Option<bool>("--verbose") { Description = "Log to standard error.", Recursive = true };
        var root = new RootCommand(Description)
        {
            TranscribeCommand.Create(surroundings),
            LiveCommand.Create(surroundings),
            FleetCommand.Create(surroundings),
            GatewayCommand.Create(surroundings),
            ReplayCommand.Create(surroundings),
            DoctorCommand.Create(surroundings),
            TokenCommand.Create(surroundings),
            KeyCommand.Create(surroundings),
            CompletionCommand.Create(surroundings),
            quiet,
            verbose,
        };
        var parsed = root.Parse(FileName.BehindDashes(HelpText.AsOption(args)), WithoutResponseFiles);
        if (parsed.Action is ParseErrorAction || (parsed.Action is HelpAction && parsed.UnmatchedTokens.Count > 0))
        {
            surroundings.Report($"{Describe(parsed, root)} See 'speechstream {PathOf(parsed.CommandResult)}--help'.");
            return ExitCode.Misused;
        }

        HelpText.Fit(root, parsed, surroundings);
        surroundings.IsQuiet = parsed.GetValue(quiet);
        surroundings.IsVerbose = parsed.GetValue(verbose);
        var configuration = new InvocationConfiguration
        {
            Output = surroundings.Output,
            Error = surroundings.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = LongestEnd,
        };
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (Problem.IsExpected(exception))
        {
            surroundings.Report(Refusal.ForStream(Problem.Describe(exception)));
            return ExitCode.Failed;
        }
    }

    // A command of a command is found with its parents only.
    private static string PathOf(CommandResult result) => result.Parent is CommandResult parent ? $"{PathOf(parent)}{result.Command.Name} " : "";

    private static string Describe(ParseResult parsed, RootCommand root) => parsed.UnmatchedTokens switch
    {
        [var first, ..] when parsed.CommandResult.Command.Subcommands.Count > 0 && first is not ['-', ..] => Misspelling.OfCommand(first, parsed.CommandResult.Command),
        [['-', _, ..] option, ..] => Misspelling.OfOption(option, parsed.CommandResult.Command),
        [var first, ..] when parsed.Action is HelpAction => $"'{first}' is too much.",
        _ => parsed.Errors[0].Message,
    };
}

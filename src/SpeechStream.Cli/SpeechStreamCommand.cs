using System.CommandLine;
using System.CommandLine.Invocation;
using SpeechStream.Cli.FleetCommands;
using SpeechStream.Cli.Transcription;

namespace SpeechStream.Cli;

/// <summary>The command <c>speechstream</c>.</summary>
internal static class SpeechStreamCommand
{
    // After Ctrl+C or SIGTERM: longer than a command needs to end by itself.
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args, Surroundings surroundings, CancellationToken cancellationToken = default)
    {
        var root = new RootCommand("Real-time transcription with Alibaba Cloud's speech service, or with a local stand-in of it.")
        {
            TranscribeCommand.Create(surroundings),
            FleetCommand.Create(surroundings),
            GatewayCommand.Create(surroundings),
        };
        var parsed = root.Parse(args is [] ? ["--help"] : args);
        if (parsed.Action is ParseErrorAction)
        {
            surroundings.Report($"{Describe(parsed, root)} See 'speechstream --help'.");
            return ExitCode.Misused;
        }

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
            surroundings.Report(Problem.Describe(exception));
            return ExitCode.Failed;
        }
    }

    private static string Describe(ParseResult parsed, RootCommand root) => parsed.UnmatchedTokens switch
    {
        [var first, ..] when parsed.CommandResult.Command.Subcommands.Count > 0 && first is not ['-', ..] => Misspelling.OfCommand(first, parsed.CommandResult.Command),
        [['-', _, ..] option, ..] => Misspelling.OfOption(option, parsed.CommandResult.Command),
        _ => parsed.Errors[0].Message,
    };
}

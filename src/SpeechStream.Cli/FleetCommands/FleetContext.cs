using System.CommandLine;
using Microsoft.Extensions.Logging;
using SpeechStream.Cli.Options;
using SpeechStream.Cli.Output;
using SpeechStream.Fleet;

namespace SpeechStream.Cli.FleetCommands;

/// <summary>What the commands of a fleet have in common.</summary>
internal sealed class FleetContext(Surroundings surroundings)
{
    private const string Default = "sqlite:speechstream.db";

    public Surroundings Surroundings => surroundings;

    public Screen Screen { get; } = new(surroundings);

    public Option<string?> Address { get; } = new Option<string?>("--fleet")
    {
        Description = $"Address of the fleet's database. Default: SPEECHSTREAM_FLEET in the environment, or {Default} in the current folder.",
        HelpName = "ADDRESS",
        Recursive = true,
    }.NotEmpty();

    /// <summary>Runs a command with the fleet that the command line names.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="run">The command.</param>
    /// <param name="cancellationToken">Canceled by Ctrl+C.</param>
    /// <param name="logging">Where to log; nowhere when null.</param>
    public async Task<int> RunAsync(ParseResult parsed, Func<SpeechFleet, Task<int>> run, CancellationToken cancellationToken, ILoggerFactory? logging = null)
    {
        var fleet = SpeechFleet.Open(AddressOf(parsed), logging);
        await using (fleet.ConfigureAwait(false))
        {
            try
            {
                return await run(fleet).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                Screen.Report("interrupted");
                return ExitCode.Interrupted;
            }
        }
    }

    public string AddressOf(ParseResult parsed) => parsed.GetValue(Address) ?? (surroundings.Variable("SPEECHSTREAM_FLEET") is { Length: > 0 } given ? given : Default);
}

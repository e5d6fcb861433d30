using System.CommandLine;
using SpeechStream.Cli.Options;
using SpeechStream.Gateway;

namespace SpeechStream.Cli;

/// <summary><c>speechstream replay</c>: serves a cassette until it is interrupted.</summary>
internal static class ReplayCommand
{
    private const string Description =
        """
        Serve what was recorded with --record, as the service did: to speechstream, or to any other client of that service.

        Prints 'READY ws://127.0.0.1:N/…' when it listens; takes any app key, token and API key. The n-th connection gets what the n-th of the cassette got,
        and after the last one the first again. Messages come when the client has started, stopped and sent audio as far as the recorded client had; connections
        are refused and lost as in the recording. Other audio gets the recorded words.

        Ctrl+C ends it. Exit code: 0; 1 when the file is no cassette, or the port is taken; 2 for a command line that isn't understood.
        """;

    public static Command Create(Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "The cassette." };
        var port = GatewayCommand.PortOption();
        var speed = new Option<double>("--speed")
        {
            Description = "How fast the service answers: 2 halves the recorded delays, max leaves them out. Audio comes as fast as the client sends it.",
            HelpName = "R|max",
            DefaultValueFactory = _ => 1,
            CustomParser = OptionValues.ParseSpeed,
        };
        var session = OptionValues.Count("--session", "Serve one session of the cassette only. Default: all, in the order of their connections.");
        var command = new Command("replay", Description) { file, port, speed, session };
        command.SetAction((parsed, cancellationToken) =>
        {
            var path = parsed.GetRequiredValue(file);
            var cassette = Load(path, parsed.GetValue(session));
            if (cassette.IsCut && !surroundings.IsQuiet)
            {
                surroundings.Report($"{path}: the last line is incomplete, and left out");
            }

            return GatewayCommand.ServeAsync(
                new LocalGatewayOptions { Port = parsed.GetValue(port), Recognizer = Recognizer.Replay(cassette, parsed.GetValue(speed)) },
                gateway => cassette.Service == "nls" ? gateway.Endpoint : gateway.DashScopeEndpoint,
                surroundings,
                cancellationToken);
        });
        return command;
    }

    private static Cassette Load(string path, int? session)
    {
        try
        {
            var cassette = Cassette.Load(path);
            return session is { } number ? cassette.OfSession(number) : cassette;
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{path}: {exception.Message}", exception);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FormatException($"{path}: {exception.Message.Split(" (Parameter", 2)[0]}", exception);
        }
    }
}

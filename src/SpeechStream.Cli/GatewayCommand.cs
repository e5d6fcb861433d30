using System.CommandLine;
using Microsoft.Extensions.Logging;
using SpeechStream.Cli.Options;
using SpeechStream.Cli.Output;
using SpeechStream.Gateway;

namespace SpeechStream.Cli;

/// <summary><c>speechstream gateway</c>: runs the local gateway until it is interrupted.</summary>
internal static class GatewayCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var port = PortOption();
        var recognizer = new Option<string>("--recognizer")
        {
            Description = "digest (hashes of the audio), pocketsphinx (English words), or the path of a JSON script of events and faults.",
            HelpName = "digest|pocketsphinx|FILE",
            DefaultValueFactory = _ => "digest",
        };
        var command = new Command(
            "gateway",
            """
            Run a local stand-in of the service, for trying and testing without an account.

            It prints 'READY ws://127.0.0.1:N/ws/v1' when it listens, and speaks DashScope at /api-ws/v1/inference of the same port. It takes any app key,
            token and API key. Ctrl+C ends it.
            """)
        {
            port,
            recognizer,
        };
        command.SetAction((parsed, cancellationToken) => ServeAsync(
            new LocalGatewayOptions { Port = parsed.GetValue(port), Recognizer = Choose(parsed.GetRequiredValue(recognizer)) },
            gateway => gateway.Endpoint,
            surroundings,
            cancellationToken));
        return command;
    }

    public static Option<int> PortOption()
    {
        var port = new Option<int>("--port")
        {
            Description = "The TCP port on 127.0.0.1. Default 0, which takes a free one.",
            HelpName = "N",
        };
        port.AllowRange(0, ushort.MaxValue);
        return port;
    }

    /// <summary>Runs a gateway until it is interrupted.</summary>
    /// <param name="options">Of the gateway.</param>
    /// <param name="endpoint">Which of its addresses is printed when it listens.</param>
    /// <param name="surroundings">Have standard output.</param>
    /// <param name="cancellationToken">Interrupts it.</param>
    public static async Task<int> ServeAsync(LocalGatewayOptions options, Func<LocalGateway, Uri> endpoint, Surroundings surroundings, CancellationToken cancellationToken)
    {
        using var logging = LoggerFactory.Create(builder => _ = surroundings.IsVerbose ? builder.AddErrorLog() : builder);
        options.LoggerFactory = surroundings.IsVerbose ? logging : null;
        var gateway = await LocalGateway.StartAsync(options, CancellationToken.None).ConfigureAwait(false);
        await using (gateway.ConfigureAwait(false))
        {
            await surroundings.Output.WriteLineAsync(Ready(endpoint(gateway))).ConfigureAwait(false);
            await surroundings.Output.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return ExitCode.Done;
        }
    }

    /// <summary>The line that says where it listens, with the port also where that is 80, which a URI leaves out.</summary>
    internal static string Ready(Uri endpoint) => $"READY {endpoint.Scheme}://{endpoint.Host}:{endpoint.Port}{endpoint.AbsolutePath}";

    private static Recognizer Choose(string name) => name switch
    {
        "digest" => Recognizer.Digest,
        "pocketsphinx" => Recognizer.PocketSphinx,
        _ when !File.Exists(name) => throw new FileNotFoundException($"--recognizer is {name}. Could not find a script of that name; the others are digest and pocketsphinx."),
        _ => Recognizer.Script(name),
    };
}

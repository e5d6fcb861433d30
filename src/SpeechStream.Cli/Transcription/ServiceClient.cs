using Microsoft.Extensions.Logging;
using SpeechStream.Cli.Output;
using SpeechStream.Gateway;

namespace SpeechStream.Cli.Transcription;

/// <summary>The client of a command, with all that belongs to it: the gateway of <c>--local</c>, the log, the cassette, and a word to whoever waits for the first connection.</summary>
internal sealed class ServiceClient : IAsyncDisposable
{
    private static readonly TimeSpan PatientInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan PatientTimeout = TimeSpan.FromMinutes(59);

    // First attempts to connect are retried in silence, for half a minute in all: whoever waits is told.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Screen _screen;
    private readonly LocalGateway? _gateway;
    private readonly CassetteFile? _cassette;
    private readonly ITimer _notice;
    private readonly Notices _notices;
    private readonly ILoggerFactory _logging;

    private ServiceClient(ClientSettings settings, LocalGateway? gateway, CassetteFile? cassette, Screen screen, Surroundings surroundings)
    {
        (_screen, _gateway, _cassette) = (screen, gateway, cassette);
        _notice = surroundings.Clock.CreateTimer(_ => screen.Note("not started yet: no audio, or no connection; trying on"), null, Patience, Timeout.InfiniteTimeSpan);
        _notices = new Notices(cause =>
        {
            Begin();
            screen.Note(Notices.NoConnection(cause));
        });
        _logging = LoggerFactory.Create(logging =>
        {
            logging.SetMinimumLevel(LogLevel.Debug).AddProvider(_notices);
            if (surroundings.IsVerbose)
            {
                logging.AddErrorLog();
            }
        });
        var endpoint = gateway is null ? settings.Endpoint : settings.Account.Service == SpeechService.DashScope ? gateway.DashScopeEndpoint : gateway.Endpoint;
        Client = new SpeechStreamClient(OptionsFor(settings, endpoint), _logging);
        Service = settings.IsLocal ? "local" : settings.Account.ServiceAt(endpoint).ToString();
    }

    public SpeechStreamClient Client { get; }

    /// <summary>Who recognizes.</summary>
    public string Service { get; }

    /// <exception cref="ArgumentException">An option of the command line is missing or wrong.</exception>
    /// <exception cref="RecognizerUnavailableException">The local recognizer isn't installed.</exception>
    /// <exception cref="IOException">The cassette can't be written.</exception>
    public static async Task<ServiceClient> OpenAsync(ClientSettings settings, Screen screen, Surroundings surroundings, CancellationToken cancellationToken)
    {
        LocalGateway? gateway = null;
        CassetteFile? cassette = null;
        try
        {
            gateway = settings.IsLocal ? await LocalGateway.StartAsync(new() { Recognizer = Recognizer.PocketSphinx }, cancellationToken).ConfigureAwait(false) : null;
            cassette = settings.Record is { } path ? CassetteFile.Create(path, settings.RecordsAudio) : null;
            return new ServiceClient(settings, gateway, cassette, screen, surroundings);
        }
        catch
        {
            cassette?.Dispose();
            if (gateway is not null)
            {
                await gateway.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <summary>Something has begun, or was told: nobody waits any more.</summary>
    public void Begin() => _notice.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public async ValueTask DisposeAsync()
    {
        await _notice.DisposeAsync().ConfigureAwait(false);
        await Client.DisposeAsync().ConfigureAwait(false);
        _logging.Dispose();
        _notices.Dispose();
        if (_cassette?.Problem is { } problem)
        {
            _screen.Report(problem);
        }

        _cassette?.Dispose();
        if (_gateway is not null)
        {
            await _gateway.DisposeAsync().ConfigureAwait(false);
        }
    }

    private SpeechStreamClientOptions OptionsFor(ClientSettings settings, Uri? endpoint)
    {
        var options = new SpeechStreamClientOptions { AllowInsecure = settings.IsInsecure, Recorder = _cassette?.Recorder };
        if (settings.IsLocal)
        {
            // The peer is this process: it can't be gone, but with --speed max it falls minutes behind, and answers no ping meanwhile.
            (options.PingInterval, options.PingTimeout) = (PatientInterval, PatientTimeout);
            options.StopTimeout = PatientTimeout;
        }

        (settings.IsLocal ? settings.Account.WithoutKeys() : settings.Account).Fill(options, endpoint);
        return options;
    }
}

using Polly;

namespace SpeechStream;

/// <summary>Settings of a client. The client copies and validates them once, in its constructor.</summary>
/// <remarks>The properties have setters so that configuration can be bound to them. A later change of an instance has no effect on a client that was made with it.</remarks>
/// <example>
/// <code>
/// var client = new SpeechStreamClient(new()
/// {
///     AppKey = "…",
///     Credential = SpeechCredential.FromToken("…"),
///     Endpoint = SpeechEndpoints.Singapore,
///     ConfigureHandler = handler =&gt; handler.Proxy = new WebProxy("http://proxy:8080"),
/// });
/// </code>
/// </example>
public sealed record SpeechStreamClientOptions
{
    /// <summary>Key of the project in the vendor's console. The project decides the recognition model, and so the language and the sample rate.</summary>
    /// <value>Required for NLS, and only there: DashScope has no app keys. A key with control characters, or with white space around it, is refused.</value>
    public string AppKey { get; set; } = "";

    /// <summary>The source of tokens or API keys, which decides the service. A token is requested when a connection needs one, and kept until shortly before it expires.</summary>
    /// <value>Required.</value>
    public SpeechCredential Credential { get; set; } = null!;

    /// <summary>Address of the service. A query and a user in it are sent, but never printed.</summary>
    /// <value>Default <see cref="SpeechEndpoints.Shanghai"/>, or <see cref="SpeechEndpoints.ModelStudioBeijing"/> with an API key. <c>wss</c>, or <c>ws</c> to a loopback host or with <see cref="AllowInsecure"/>.</value>
    public Uri Endpoint
    {
        get => field ?? (Service == SpeechService.DashScope ? SpeechEndpoints.ModelStudioBeijing : SpeechEndpoints.Shanghai);
        set;
    }

    /// <summary>How long an attempt may take to get a token, and again to connect (DNS, TCP, TLS, upgrade). After that, the attempt has failed and is retried.</summary>
    /// <remarks>If an address of the host doesn't answer within 250 ms, the next one is tried as well, and the first that answers is used.</remarks>
    /// <value>Default 10 s. Allowed: 1 ms to 1 h.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the service may take to answer the start message. After that, the attempt has failed and is retried.</summary>
    /// <value>Default 10 s, as in most of the vendor's clients. Allowed: 1 ms to 1 h.</value>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the service may be silent after the stop message, and how long <see cref="TranscriptionSession.StopAsync"/> may take. After that, the session ends
    /// with a <see cref="SpeechConnectionException"/>.
    /// </summary>
    /// <remarks>
    /// The wait begins anew with each event of the service. Answers to pings don't count: a service that answers them is alive, and may still
    /// never finish. So this is also how slow a service may be: one that needs longer for its next result, such as a local recognizer on a busy
    /// machine, needs a longer time-out.
    /// </remarks>
    /// <value>Default 10 s, as in most of the vendor's clients. Allowed: 1 ms to 1 h.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between WebSocket pings.</summary>
    /// <value>Default 5 s. Allowed: 1 ms to 1 h, and longer than <see cref="PingTimeout"/>.</value>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a pong may take. After that, the connection counts as lost. A dead peer is noticed at most <see cref="PingInterval"/> + <see cref="PingTimeout"/> + 1 s later.</summary>
    /// <value>Default 3 s. Allowed: 1 ms up to less than <see cref="PingInterval"/>.</value>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How many attempts a session makes after a failed attempt or a lost connection without progress in between. A final result, or a connection that lasts 30 s
    /// or on which the service has listened to silence for 10 s, is progress, and makes all attempts available again.
    /// </summary>
    /// <value>Default 8. Allowed: 0 (the session never retries) to 1000. Ignored with <see cref="ConnectPipeline"/>.</value>
    public int MaxReconnectAttempts { get; set; } = 8;

    /// <summary>Delay before the first of these attempts. It doubles with each further one, and varies at random by up to 20 %.</summary>
    /// <value>Default 250 ms. Allowed: 0 to 1 h. After an exceeded quota the delay is at least 2 s. With <see cref="ConnectPipeline"/> only for a connection that is lost again without progress.</value>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest delay between attempts. If the server asks for a longer one (<c>Retry-After</c>), the session waits up to a minute.</summary>
    /// <value>Default 10 s. Allowed: <see cref="ReconnectDelay"/> to 1 h. After an exceeded quota the longest delay is never less than 2 s. With <see cref="ConnectPipeline"/> as <see cref="ReconnectDelay"/>.</value>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>A pipeline of your own, which replaces the three settings above. Each execution connects and starts one task.</summary>
    /// <remarks>It knows of attempts only, and not of tasks that were lost. When one is lost again without progress, the delays above are waited before the next execution.
    /// The end of a session waits for its execution, so a strategy or callback in it must not ignore its token.</remarks>
    /// <value>Default null. The pipeline should retry each <see cref="SpeechStreamException"/> with <see cref="SpeechStreamException.IsTransient"/>.</value>
    public ResiliencePipeline? ConnectPipeline { get; set; }

    /// <summary>How much audio is stored to be replayed after a lost connection.</summary>
    /// <remarks>When unsent audio alone fills it, flushing <see cref="TranscriptionSession.Audio"/> waits. If a sentence is longer than this when the connection is lost,
    /// its beginning can't be replayed and is reported as an <see cref="AudioGap"/>.</remarks>
    /// <value>Default 60 s (1,920,000 bytes at 16 kHz). Allowed: 1 s to 10 min. Compressed formats keep 1,920,000 bytes.</value>
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many events may wait to be read before the session stops sending audio.</summary>
    /// <remarks>Results of audio that was already sent may still come, up to four times this number or 256 if that is more. If there are more, the session ends with a
    /// <see cref="SpeechProtocolException"/>.</remarks>
    /// <value>Default 256. Allowed: 1 to 65,536.</value>
    public int EventCapacity { get; set; } = 256;

    /// <summary>Longest message from the service that is accepted, in bytes. A longer one ends the session with a <see cref="SpeechProtocolException"/>.</summary>
    /// <value>Default 1,048,576 (1 MiB). Allowed: 1,024 to 67,108,864.</value>
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>How many sessions of this client may run at once. Further ones wait in <see cref="TranscriptionSession.StartAsync"/>, in order.</summary>
    /// <value>Default null (no limit). Allowed: 1 or more. The service has its own limit for each account: 2 in a trial, 200 commercially.</value>
    public int? MaxConcurrentSessions { get; set; }

    /// <summary>Whether unencrypted <c>ws</c> and <c>http</c> are allowed to other hosts than this machine, such as the vendor's internal endpoints.</summary>
    /// <value>Default false.</value>
    public bool AllowInsecure { get; set; }

    /// <summary>Called once with the HTTP handler that serves both the token service and the socket, to set a proxy, certificates or addresses.</summary>
    /// <remarks>If no proxy is set here, that of the environment is used (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, or the system's), but not for loopback hosts.</remarks>
    /// <value>Default null. Redirects are never followed, whatever is set here, because they would send the token to another server.</value>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; set; }

    /// <summary>The settings of each session for which a call gives none.</summary>
    /// <remarks>
    /// They replace the built-in defaults as a whole: a call that gives <see cref="TranscriptionOptions"/> of its own gets nothing from here.
    /// Tests of an application set <see cref="TranscriptionOptions.SendRate"/> here, so that a minute of audio doesn't take them a minute.
    /// </remarks>
    /// <value>Default null (those of <see cref="TranscriptionOptions"/>). Copied and validated with the other options. Don't change the dictionaries in it afterwards.</value>
    public TranscriptionOptions? SessionDefaults { get; set; }

    /// <summary>Records what sessions and service say to each other, for a report of a problem or for a test.</summary>
    /// <value>Default null: nothing is recorded.</value>
    public CassetteRecorder? Recorder { get; set; }

    /// <summary>The clock of all time-outs, delays and schedules.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>. WebSocket pings always use the system's clock.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The service that <see cref="Credential"/> is for.</summary>
    internal SpeechService Service => Credential?.Service ?? SpeechService.Nls;

    /// <summary>A text without secrets: the endpoint, without query and user.</summary>
    public override string ToString() => $"SpeechStreamClientOptions {{ Endpoint = {OptionRange.Printable(Endpoint)} }}";

    /// <summary>Returns a checked copy.</summary>
    internal SpeechStreamClientOptions CopyValidated()
    {
        var copy = this with { SessionDefaults = SessionDefaults is null ? null : SessionDefaults with { } };
        var range = new OptionRange();
        copy.Check(range);
        range.ThrowFirst();
        return copy;
    }

    /// <summary>Checks all options, those of the sessions too.</summary>
    internal void Check(OptionRange range)
    {
        SessionDefaults?.Check(range, $"{nameof(SessionDefaults)}.", Service);
        range.Check(
            !string.IsNullOrWhiteSpace(AppKey) || Service != SpeechService.Nls,
            nameof(AppKey),
            "is empty. Set it to the key of your project in the vendor's console");
        range.Check(
            AppKey is not null && !AppKey.Any(char.IsControl) && AppKey.Trim().Length == AppKey.Length,
            nameof(AppKey),
            "has a line break or another control character, or a space around it. Give the key alone, as the vendor's console shows it");
        range.Check(Credential is not null, nameof(Credential), "is null. Set it, for example with SpeechCredential.FromAccessKey");
        range.Check(TimeProvider is not null, nameof(TimeProvider), "is null. Leave it out for the system's clock");
        range.CheckEndpoint(Endpoint, nameof(Endpoint), "ws", AllowInsecure);
        CheckService(range);
        if (Credential?.TokenEndpoint is { } tokenEndpoint)
        {
            range.CheckEndpoint(tokenEndpoint, "tokenEndpoint", "http", AllowInsecure);
        }

        var (millisecond, hour) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        range.Check(ConnectTimeout, nameof(ConnectTimeout), millisecond, hour);
        range.Check(StartTimeout, nameof(StartTimeout), millisecond, hour);
        range.Check(StopTimeout, nameof(StopTimeout), millisecond, hour);
        range.Check(PingInterval, nameof(PingInterval), millisecond, hour);
        range.Check(PingTimeout, nameof(PingTimeout), millisecond, hour);
        range.Check(PingInterval > PingTimeout, nameof(PingInterval), $"is {PingInterval}, and must be longer than PingTimeout, which is {PingTimeout}", nameof(PingTimeout));
        range.Check(MaxReconnectAttempts, nameof(MaxReconnectAttempts), 0, 1000);
        range.Check(ReconnectDelay, nameof(ReconnectDelay), TimeSpan.Zero, hour);
        range.Check(MaxReconnectDelay, nameof(MaxReconnectDelay), ReconnectDelay, hour, nameof(ReconnectDelay));
        range.Check(ReplayWindow, nameof(ReplayWindow), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        range.Check(EventCapacity, nameof(EventCapacity), 1, 65_536);
        range.Check(MaxMessageBytes, nameof(MaxMessageBytes), 1024, 64 * 1024 * 1024);
        range.Check(MaxConcurrentSessions ?? 1, nameof(MaxConcurrentSessions), 1, int.MaxValue);
    }

    /// <summary>Refuses an address that is known to be the other service's, which would answer with an error that doesn't say so.</summary>
    private void CheckService(OptionRange range)
    {
        if (Endpoint is { } endpoint && Credential is { } credential && SpeechEndpoints.NameOf(endpoint) is { } name)
        {
            range.Check(
                SpeechEndpoints.ServiceOf(name) == credential.Service,
                nameof(Endpoint),
                credential.Service == SpeechService.DashScope
                    ? $"is {name}, an address of NLS, and Credential is an API key of DashScope. Use one of the addresses that begin with ModelStudio"
                    : $"is {name}, an address of DashScope, and Credential is a token or access key of NLS. Use SpeechCredential.FromApiKey");
        }
    }
}

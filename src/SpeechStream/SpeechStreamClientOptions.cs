using System.Net.Http;
using Polly;

namespace SpeechStream;

/// <summary>Settings of a client. The client copies and validates them once, in its constructor.</summary>
/// <remarks>Setters exist so that configuration can bind; changing an instance later doesn't change a client made from it.</remarks>
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
    /// <summary>Key of the project in the vendor's console. It decides the recognition model, and so the language and sample rate.</summary>
    /// <value>Required. Control characters, and white space around it, are refused.</value>
    public string AppKey { get; set; } = "";

    /// <summary>Where tokens come from. It is asked before each connection, and the token is kept until shortly before it expires.</summary>
    /// <value>Required.</value>
    public SpeechCredential Credential { get; set; } = null!;

    /// <summary>Address of the service. A query or user in it is kept, and never printed.</summary>
    /// <value>Default <see cref="SpeechEndpoints.Shanghai"/>. <c>wss</c>, or <c>ws</c> to a loopback host or with <see cref="AllowInsecure"/>.</value>
    public Uri Endpoint { get; set; } = SpeechEndpoints.Shanghai;

    /// <summary>How long one attempt may take to get a token, and again to connect (DNS, TCP, TLS, upgrade); then it has failed and is retried.</summary>
    /// <remarks>A host's next address is tried after 250 ms without an answer from the one before, and the first that answers is used.</remarks>
    /// <value>Default 10 s. Allowed: 1 ms to 1 h.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the service may take from the start message to its answer; then the attempt has failed and is retried.</summary>
    /// <value>Default 10 s, as the vendor's clients wait. Allowed: 1 ms to 1 h.</value>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the service may be silent after the stop message, and how long <see cref="TranscriptionSession.StopAsync"/> takes at
    /// most; then the session ends with a <see cref="SpeechConnectionException"/>.
    /// </summary>
    /// <value>Default 10 s, as the vendor's clients wait. Allowed: 1 ms to 1 h.</value>
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between WebSocket pings.</summary>
    /// <value>Default 5 s. Allowed: 1 ms to 1 h, and longer than <see cref="PingTimeout"/>.</value>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a pong may take; then the connection is taken for lost. Found up to 1 s after the interval and this time-out.</summary>
    /// <value>Default 3 s. Allowed: 1 ms up to less than <see cref="PingInterval"/>.</value>
    public TimeSpan PingTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How often a session tries again after a failed attempt or a lost connection, without progress in between. A final, or a
    /// connection that stood 30 s, gives all attempts back.
    /// </summary>
    /// <value>Default 8. Allowed: 0 (never) to 1000. Ignored with <see cref="ConnectPipeline"/>.</value>
    public int MaxReconnectAttempts { get; set; } = 8;

    /// <summary>Delay before the first of these attempts; it doubles with each further one, with jitter.</summary>
    /// <value>Default 250 ms. Allowed: 0 to 1 h. Exceeded quotas wait at least 2 s. Ignored with <see cref="ConnectPipeline"/>.</value>
    public TimeSpan ReconnectDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Longest delay between attempts. A longer wait that the server asks for (<c>Retry-After</c>) is honoured up to a minute.</summary>
    /// <value>Default 10 s. Allowed: <see cref="ReconnectDelay"/> to 1 h. Ignored with <see cref="ConnectPipeline"/>.</value>
    public TimeSpan MaxReconnectDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Replaces the three settings above by a pipeline of your own; each execution connects and starts one task.</summary>
    /// <value>Default null. Let it handle <see cref="SpeechStreamException"/> where <see cref="SpeechStreamException.IsTransient"/>.</value>
    public ResiliencePipeline? ConnectPipeline { get; set; }

    /// <summary>How much audio is kept for sending again after a lost connection.</summary>
    /// <remarks>When unsent audio alone fills it, flushing <see cref="TranscriptionSession.Audio"/> waits. What happens when a sentence
    /// outlasts it is told at <see cref="AudioGap"/>.</remarks>
    /// <value>Default 60 s (1,920,000 bytes at 16 kHz). Allowed: 1 s to 10 min. Compressed formats keep 1,920,000 bytes.</value>
    public TimeSpan ReplayWindow { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many events may wait to be read before the session stops sending audio.</summary>
    /// <remarks>What is in flight may fill four times as many; beyond that the session ends with a <see cref="SpeechProtocolException"/>.</remarks>
    /// <value>Default 256. Allowed: 1 to 65,536.</value>
    public int EventCapacity { get; set; } = 256;

    /// <summary>Longest message accepted from the service, in bytes; a longer one ends the session with a <see cref="SpeechProtocolException"/>.</summary>
    /// <value>Default 1,048,576 (1 MiB). Allowed: 1,024 to 67,108,864.</value>
    public int MaxMessageBytes { get; set; } = 1024 * 1024;

    /// <summary>How many sessions of this client may run at once; further ones wait in <see cref="TranscriptionSession.StartAsync"/>, in order.</summary>
    /// <value>Default null (no limit). Allowed: 1 or more. The service's own limit is per account: 2 in a trial, 200 commercially.</value>
    public int? MaxConcurrentSessions { get; set; }

    /// <summary>Permit <c>ws</c> and <c>http</c> to hosts that aren't this machine, such as the vendor's internal endpoints.</summary>
    /// <value>Default false.</value>
    public bool AllowInsecure { get; set; }

    /// <summary>Called once with the handler that serves the token service and the socket alike: proxy, certificates, addresses.</summary>
    /// <remarks>Without a proxy set here, the environment's is used (<c>HTTPS_PROXY</c>, <c>HTTP_PROXY</c>, or the system's), but not for loopback hosts.</remarks>
    /// <value>Default null. Redirects stay off whatever it sets: a redirect would carry the token elsewhere.</value>
    public Action<SocketsHttpHandler>? ConfigureHandler { get; set; }

    /// <summary>The clock of all time-outs, delays and schedules.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>. WebSocket pings always run on the system's clock.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>A text without secrets: the endpoint without its query and user.</summary>
    public override string ToString() => $"SpeechStreamClientOptions {{ Endpoint = {OptionRange.Printable(Endpoint)} }}";

    /// <summary>A copy that is checked.</summary>
    internal SpeechStreamClientOptions CopyValidated()
    {
        var copy = this with { };
        OptionRange.Check(!string.IsNullOrWhiteSpace(copy.AppKey), nameof(AppKey), "is empty. Set it to the key of your project in the vendor's console");
        OptionRange.Check(
            !copy.AppKey.Any(char.IsControl) && copy.AppKey.Trim().Length == copy.AppKey.Length,
            nameof(AppKey),
            "has a line break or another control character, or a space around it. Give the key alone, as the vendor's console shows it");
        OptionRange.Check(copy.Credential is not null, nameof(Credential), "is null. Set it, for example with SpeechCredential.FromAccessKey");
        OptionRange.Check(copy.TimeProvider is not null, nameof(TimeProvider), "is null. Leave it out for the system's clock");
        OptionRange.CheckEndpoint(copy.Endpoint, nameof(Endpoint), "ws", AllowInsecure);
        if (copy.Credential!.TokenEndpoint is { } tokenEndpoint)
        {
            OptionRange.CheckEndpoint(tokenEndpoint, "tokenEndpoint", "http", AllowInsecure);
        }

        var (millisecond, hour) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
        OptionRange.Check(ConnectTimeout, nameof(ConnectTimeout), millisecond, hour);
        OptionRange.Check(StartTimeout, nameof(StartTimeout), millisecond, hour);
        OptionRange.Check(StopTimeout, nameof(StopTimeout), millisecond, hour);
        OptionRange.Check(PingInterval, nameof(PingInterval), millisecond, hour);
        OptionRange.Check(PingTimeout, nameof(PingTimeout), millisecond, hour);
        OptionRange.Check(PingInterval > PingTimeout, nameof(PingInterval), $"is {PingInterval}, and must be longer than PingTimeout, which is {PingTimeout}");
        OptionRange.Check(MaxReconnectAttempts, nameof(MaxReconnectAttempts), 0, 1000);
        OptionRange.Check(ReconnectDelay, nameof(ReconnectDelay), TimeSpan.Zero, hour);
        OptionRange.Check(MaxReconnectDelay, nameof(MaxReconnectDelay), ReconnectDelay, hour);
        OptionRange.Check(ReplayWindow, nameof(ReplayWindow), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        OptionRange.Check(EventCapacity, nameof(EventCapacity), 1, 65_536);
        OptionRange.Check(MaxMessageBytes, nameof(MaxMessageBytes), 1024, 64 * 1024 * 1024);
        OptionRange.Check(MaxConcurrentSessions ?? 1, nameof(MaxConcurrentSessions), 1, int.MaxValue);
        return copy;
    }
}

using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace SpeechStream.Gateway;

/// <summary>What a <see cref="LocalGateway"/> listens on and how it behaves.</summary>
public sealed class LocalGatewayOptions
{
    /// <summary>The TCP port on 127.0.0.1.</summary>
    /// <value>Default 0: any free one. Allowed: 0 to 65535.</value>
    public int Port { get; set; }

    /// <summary>What turns audio into sentences.</summary>
    /// <value>Default <see cref="Recognizer.Digest"/>.</value>
    public Recognizer Recognizer { get; set; } = Recognizer.Digest;

    /// <summary>Which generation of NLS the events look like.</summary>
    /// <value>Default <see cref="GatewayDialect.Current"/>.</value>
    public GatewayDialect Dialect { get; set; }

    /// <summary>Whether headers of NLS say <c>status_message</c> (as some of the vendor's samples do) instead of <c>status_text</c>.</summary>
    /// <value>Default false.</value>
    public bool UseStatusMessage { get; set; }

    /// <summary>Whether <c>TranscriptionStarted</c> has a payload with <c>session_id</c>: the client's own, or one drawn here.</summary>
    /// <value>Default true, as documented; captures of the live service show no payload at all.</value>
    public bool SendSessionId { get; set; } = true;

    /// <summary>Whether every event carries keys that no client knows.</summary>
    /// <value>Default false.</value>
    public bool AddUnknownKeys { get; set; }

    /// <summary>The accepted tokens of NLS and when each expires; asked at every handshake, so the map may change while the gateway runs if it
    /// is safe for that. Tokens of the gateway's own token service are accepted beside them.</summary>
    /// <value>Default null: any token that isn't empty, except one issued here that has expired.</value>
    public IReadOnlyDictionary<string, DateTimeOffset>? Tokens { get; set; }

    /// <summary>The accepted app keys of NLS; others fail with 40020105.</summary>
    /// <value>Default null: any that isn't empty.</value>
    public IReadOnlySet<string>? AppKeys { get; set; }

    /// <summary>The accepted API keys of DashScope; others are refused with HTTP 401. Temporary keys that the gateway issued are accepted beside
    /// them until they expire.</summary>
    /// <value>Default null: any key that isn't empty, except a temporary one that has expired.</value>
    public IReadOnlySet<string>? ApiKeys { get; set; }

    /// <summary>How long a client may send neither text nor audio before its task fails, with 40000004 over NLS and <c>CLIENT_ERROR</c> over
    /// DashScope. Pings don't count.</summary>
    /// <value>Default null: as the service, 10 s over NLS and 23 s over DashScope. Allowed: more than 0, up to a day.</value>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>How long nobody may speak in the audio of a DashScope task before it fails with <c>RequestTimeOut</c>, unless its parameter
    /// <c>heartbeat</c> is true. Audio that is all zeros is silence, and for a recognizer of words so is noise.</summary>
    /// <value>Default 60 s, as the service. Allowed: more than 0, up to a day.</value>
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether each sentence over DashScope opens with a message that has no text yet. Older models leave it out: a sentence begins
    /// with its first interim result.</summary>
    /// <value>Default true.</value>
    public bool SendSentenceBegin { get; set; } = true;

    /// <summary>How many tasks may run at once; one more fails with 40000005, over DashScope with
    /// <c>Throttling.RateQuota</c>.</summary>
    /// <value>Default null: no limit beside the recognizer's own. Allowed: 0 and up.</value>
    public int? MaxConcurrentTasks { get; set; }

    /// <summary>The largest <c>max_sentence_silence</c>, in ms; more fails with 41040205, over DashScope with <c>InvalidParameter</c>. The smallest is 200.</summary>
    /// <value>Default 6000; 2000 is what older documents say. Allowed: 200 and up.</value>
    public int MaxSentenceSilenceLimit { get; set; } = 6000;

    /// <summary>The access keys of the token service of NLS: id to secret.</summary>
    /// <value>Default null: the single pair <c>local-access-key-id</c>, <c>local-access-key-secret</c>.</value>
    public IReadOnlyDictionary<string, string>? AccessKeys { get; set; }

    /// <summary>How long an issued token of NLS is accepted.</summary>
    /// <value>Default 24 h. Allowed: more than 0. Expiry is told in whole seconds, rounded down.</value>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many requests a minute for tokens of NLS are served; more are refused as throttled.</summary>
    /// <value>Default null: no limit. Allowed: 0 and up.</value>
    public int? TokenRequestsPerMinute { get; set; }

    /// <summary>The clock of the limits of silence, of delays in scripts, and of the expiry of tokens and keys.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The certificate, with its private key, to serve <c>wss</c> and <c>https</c> with.</summary>
    /// <value>Default null: <c>ws</c> and <c>http</c>.</value>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Where the web server logs to.</summary>
    /// <value>Default null: nowhere.</value>
    public ILoggerFactory? LoggerFactory { get; set; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Port, ushort.MaxValue);
        ArgumentNullException.ThrowIfNull(Recognizer);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ThrowIfNoTimeout(IdleTimeout, nameof(IdleTimeout));
        ThrowIfNoTimeout(SilenceTimeout, nameof(SilenceTimeout));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxConcurrentTasks ?? 0, nameof(MaxConcurrentTasks));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSentenceSilenceLimit, 200);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TokenLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(TokenRequestsPerMinute ?? 0, nameof(TokenRequestsPerMinute));
    }

    private static void ThrowIfNoTimeout(TimeSpan? value, string name)
    {
        if (value is { } timeout)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, TimeSpan.FromDays(1), name);
        }
    }
}

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

    /// <summary>Which generation of the service the events look like.</summary>
    /// <value>Default <see cref="GatewayDialect.Current"/>.</value>
    public GatewayDialect Dialect { get; set; }

    /// <summary>Whether headers say <c>status_message</c> (as some of the vendor's samples do) instead of <c>status_text</c>.</summary>
    /// <value>Default false.</value>
    public bool UseStatusMessage { get; set; }

    /// <summary>Whether <c>TranscriptionStarted</c> has a payload with <c>session_id</c>: the client's own, or one drawn here.</summary>
    /// <value>Default true, as documented; captures of the live service show no payload at all.</value>
    public bool SendSessionId { get; set; } = true;

    /// <summary>Whether every event carries keys that no client knows.</summary>
    /// <value>Default false.</value>
    public bool AddUnknownKeys { get; set; }

    /// <summary>The accepted tokens and when each expires; asked at every handshake, so the map may change while the gateway runs if it
    /// is safe for that. Tokens of the gateway's own token service are accepted beside them.</summary>
    /// <value>Default null: any token that isn't empty, except one issued here that has expired.</value>
    public IReadOnlyDictionary<string, DateTimeOffset>? Tokens { get; set; }

    /// <summary>The accepted app keys; others fail with 40020105.</summary>
    /// <value>Default null: any that isn't empty.</value>
    public IReadOnlySet<string>? AppKeys { get; set; }

    /// <summary>How long a connection may bring neither text nor audio before it fails with 40000004. Pings don't count.</summary>
    /// <value>Default 10 s, as the service. Allowed: more than 0, up to a day.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many tasks may run at once; one more fails with 40000005.</summary>
    /// <value>Default null: no limit beside the recognizer's own. Allowed: 0 and up.</value>
    public int? MaxConcurrentTasks { get; set; }

    /// <summary>The largest <c>max_sentence_silence</c>, in ms; more fails with 41040205. The smallest is 200.</summary>
    /// <value>Default 6000; 2000 is what older documents say. Allowed: 200 and up.</value>
    public int MaxSentenceSilenceLimit { get; set; } = 6000;

    /// <summary>The access keys of the token service: id to secret.</summary>
    /// <value>Default null: the single pair <c>local-access-key-id</c>, <c>local-access-key-secret</c>.</value>
    public IReadOnlyDictionary<string, string>? AccessKeys { get; set; }

    /// <summary>How long an issued token is accepted.</summary>
    /// <value>Default 24 h. Allowed: more than 0. Expiry is told in whole seconds, rounded down.</value>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many token requests a minute are served; more are refused as throttled.</summary>
    /// <value>Default null: no limit. Allowed: 0 and up.</value>
    public int? TokenRequestsPerMinute { get; set; }

    /// <summary>The clock of the idle limit, of delays in scripts, and of token expiry.</summary>
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
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(IdleTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(IdleTimeout, TimeSpan.FromDays(1));
        ArgumentOutOfRangeException.ThrowIfNegative(MaxConcurrentTasks ?? 0, nameof(MaxConcurrentTasks));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxSentenceSilenceLimit, 200);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(TokenLifetime, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(TokenRequestsPerMinute ?? 0, nameof(TokenRequestsPerMinute));
    }
}

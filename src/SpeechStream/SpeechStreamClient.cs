using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using SpeechStream.Auth;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol.DashScope;
using SpeechStream.Protocol.Nls;
using SpeechStream.Session;
using SpeechStream.Session.Connecting;
using SpeechStream.Transport;

namespace SpeechStream;

/// <summary>Makes transcription sessions. Thread-safe. An application should share one client, because its sessions then share the token and the HTTP handler.</summary>
/// <example>
/// <code>
/// await using var client = new SpeechStreamClient(new() { AppKey = "…", Credential = SpeechCredential.FromAccessKey("…", "…") });
/// await foreach (var e in client.TranscribeAsync(File.OpenRead("meeting.wav")))
///     if (e is SentenceEnd s) Console.WriteLine(s.Text);
/// </code>
/// </example>
public sealed class SpeechStreamClient : IAsyncDisposable, IDisposable
{
    // Running sessions are referenced until they end. Sessions that were only made are referenced weakly, so that one that is never started can be collected.
    private readonly ConcurrentDictionary<TranscriptionSession, bool> _running = new();
    private readonly ConditionalWeakTable<TranscriptionSession, object?> _made = [];
    private readonly CancellationTokenSource _disposed = new();
    private readonly SessionPlaces _places = new();
    private readonly Lock _reloading = new();
    private readonly ILogger _logger;
    private readonly Connect? _connect;
    private readonly bool _runContinuationsAsynchronously;
    private readonly Func<double> _random;
    private volatile ClientContext _context;
    private int _isDisposed;

    /// <summary>Makes a client. Nothing is sent over the network yet.</summary>
    /// <param name="options">The options, which are copied and validated here.</param>
    /// <param name="loggerFactory">Makes the logger. Nothing is logged without one.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range; the message names it.</exception>
    /// <exception cref="PlatformNotSupportedException">The program runs in a browser.</exception>
    [UnsupportedOSPlatform("browser")]
    public SpeechStreamClient(SpeechStreamClientOptions options, ILoggerFactory? loggerFactory = null)
        : this(options, loggerFactory, connect: null)
    {
    }

    /// <param name="options">The options.</param>
    /// <param name="loggerFactory">Makes the logger.</param>
    /// <param name="connect">Makes connections in tests; null for real ones.</param>
    /// <param name="runContinuationsAsynchronously">False in tests where a single thread runs everything in order.</param>
    /// <param name="random">Provides the jitter of delays. Tests that must be repeatable give their own.</param>
    [UnsupportedOSPlatform("browser")]
    internal SpeechStreamClient(
        SpeechStreamClientOptions options,
        ILoggerFactory? loggerFactory,
        Connect? connect,
        bool runContinuationsAsynchronously = true,
        Func<double>? random = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _logger = new GuardedLogger((loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("SpeechStream"));
        (_connect, _runContinuationsAsynchronously) = (connect, runContinuationsAsynchronously);
        _random = random ?? Random.Shared.NextDouble;
        _context = MakeContext(options.CopyValidated());
        _places.Limit(_context.Options.MaxConcurrentSessions);
    }

    /// <summary>Where new sessions connect: scheme, host, port and path of <see cref="SpeechStreamClientOptions.Endpoint"/>. A user and a query, which may be secret, are left out.</summary>
    public Uri Endpoint => new(OptionRange.Printable(_context.Options.Endpoint));

    /// <summary>The service that new sessions use, which <see cref="SpeechStreamClientOptions.Credential"/> decides.</summary>
    public SpeechService Service => _context.Options.Service;

    /// <summary>A copy of the settings of sessions for which a call gives none, to change some of them: those of <see cref="SpeechStreamClientOptions.SessionDefaults"/>.</summary>
    public TranscriptionOptions SessionDefaults => (_context.Options.SessionDefaults ?? new()) with { };

    internal ClientContext Context => _context;

    /// <summary>Canceled when the client is disposed.</summary>
    internal CancellationToken Disposed => _disposed.Token;

    /// <summary>Makes a session. Nothing is sent over the network yet, but its <see cref="TranscriptionSession.Audio"/> already takes audio.</summary>
    /// <param name="options">Settings of the session, which are copied and validated here; null for <see cref="SpeechStreamClientOptions.SessionDefaults"/>.</param>
    /// <returns>The session, which isn't started.</returns>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public TranscriptionSession CreateSession(TranscriptionOptions? options = null)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        var validated = _context.Settings(options);
        var session = new TranscriptionSession(EnterContext(), validated, started => _running[started] = true, Remove);
        _made.Add(session, null);
        if (_disposed.IsCancellationRequested)
        {
            session.Dispose();
        }

        return session;
    }

    /// <summary>Makes a session, starts it, and returns when the service is ready.</summary>
    /// <param name="options">Settings of the session, which are copied and validated here; null for <see cref="SpeechStreamClientOptions.SessionDefaults"/>.</param>
    /// <param name="cancellationToken">Ends the session when it is canceled before this returns. It has no effect afterwards.</param>
    /// <returns>The running session.</returns>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="SpeechStreamException">The session couldn't be started. Failed attempts were retried as the options of the client say.</exception>
    public async Task<TranscriptionSession> StartSessionAsync(TranscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        var session = CreateSession(options);
        await session.StartAsync(cancellationToken).ConfigureAwait(false);
        return session;
    }

    /// <summary>
    /// Gets a token and makes one connection in advance, so that the next session is ready sooner. The connection is closed when no session has used it within 15 s,
    /// since the service closes unused connections. Does nothing while there is such a connection.
    /// </summary>
    /// <param name="cancellationToken">Cancels the wait for the connection.</param>
    /// <exception cref="SpeechStreamException">The connection couldn't be made. There is only one attempt, and its failure doesn't affect sessions.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public async Task PrewarmAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        var context = EnterContext();
        try
        {
            await context.Spare.MakeAsync(context.ConnectInAdvanceAsync, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            // Closes the connection after a reload, unless a session of the old context may still use it.
            context.Leave();
        }
    }

    /// <summary>
    /// Transcribes a stream: reads it to its end, sends the audio in real time, and drains the session. A RIFF header is detected automatically, and its sample rate
    /// is used; several WAV recordings in a row are transcribed as one. Audio that is recognized as another format than the options' is refused before connecting, and
    /// so is a WAV header without samples. Compressed formats aren't paced: they are sent as fast as the stream gives them.
    /// </summary>
    /// <remarks>
    /// The session is started when the result is enumerated, which is possible only once. The stream isn't disposed. Ending the enumeration early aborts the
    /// session at once; a pending read of a stream that ignores its token may end later.
    /// </remarks>
    /// <param name="audio">The audio in the format of <paramref name="options"/>, or WAV, which is detected automatically.</param>
    /// <param name="options">Settings of the session; null for <see cref="SpeechStreamClientOptions.SessionDefaults"/>.</param>
    /// <param name="cancellationToken">Aborts the session.</param>
    /// <returns>The events of the session, as in <see cref="TranscriptionSession.Events"/>. The last one has the summary: <see cref="ChannelClosed.Summary"/>.</returns>
    /// <exception cref="ArgumentException">The service doesn't take such audio; the message says what to do. Thrown before a connection is made.</exception>
    /// <inheritdoc cref="TranscriptionSession.Events" path="/exception"/>
    public IAsyncEnumerable<TranscriptionEvent> TranscribeAsync(Stream audio, TranscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        return new Transcription(this, AudioSource.Read(audio, CancellationToken.None), options, cancellationToken);
    }

    /// <inheritdoc cref="TranscribeAsync(Stream, TranscriptionOptions?, CancellationToken)" path="/summary|/param|/returns|/exception"/>
    /// <remarks>
    /// The session is started when the result is enumerated, which is possible only once. The reader is completed at the end of the enumeration, whatever its cause.
    /// Ending it early aborts the session at once. If a read is pending then, the reader is completed when that read returns.
    /// </remarks>
    public IAsyncEnumerable<TranscriptionEvent> TranscribeAsync(PipeReader audio, TranscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        return new Transcription(this, AudioSource.Read(audio), options, cancellationToken);
    }

    /// <inheritdoc cref="TranscribeAsync(Stream, TranscriptionOptions?, CancellationToken)" path="/summary|/param|/returns|/exception"/>
    /// <remarks>
    /// The session is started when the result is enumerated, which is possible only once. The enumerator of the source is disposed at the end of the enumeration,
    /// whatever its cause. Ending it early aborts the session at once. If a read is pending then, the source is disposed when that read returns.
    /// </remarks>
    public IAsyncEnumerable<TranscriptionEvent> TranscribeAsync(
        IAsyncEnumerable<ReadOnlyMemory<byte>> audio, TranscriptionOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(audio);
        return new Transcription(this, audio, options, cancellationToken);
    }

    /// <summary>Aborts the sessions of the client, and returns when they have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        var sessions = AbortSessions();
        foreach (var session in sessions)
        {
            await session.Completion.ConfigureAwait(false);
        }
    }

    /// <summary>Aborts the sessions of the client, and doesn't wait until they have ended.</summary>
    public void Dispose() => AbortSessions();

    /// <summary>Each time the change token fires, new sessions get the options that the function returns. If it throws, this is logged, and nothing changes.</summary>
    internal void ReloadOn(Func<IChangeToken> changeToken, Func<SpeechStreamClientOptions> getOptions) =>
        _disposed.Token.Register(ChangeToken.OnChange(changeToken, () => Reload(getOptions)).Dispose);

    private void Reload(Func<SpeechStreamClientOptions> getOptions)
    {
        lock (_reloading)
        {
            try
            {
                var (options, before) = (getOptions().CopyValidated(), _context);
                if (options == before.Options)
                {
                    return;
                }

                // Running sessions keep the old context, with its options and its HTTP handler.
                _context = MakeContext(options);
                _places.Limit(options.MaxConcurrentSessions);
                before.Spare.Dispose();
                before.Leave();
                Interlocked.MemoryBarrier();
                if (_isDisposed != 0)
                {
                    // Disposal may have left the context before this one.
                    _context.Leave();
                }

                Log.Reloaded(_logger);
            }
            catch (Exception exception)
            {
                Log.ReloadRefused(_logger, exception);
            }
        }
    }

    /// <summary>The context for a new session, which keeps it from being closed. A reload may close the one that is read first.</summary>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    private ClientContext EnterContext()
    {
        ClientContext context;
        while (!(context = _context).TryEnter())
        {
            ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        }

        return context;
    }

    private ClientContext MakeContext(SpeechStreamClientOptions options)
    {
        var redactor = new Redactor();
        redactor.Keep(options.Endpoint);
        var connector = new WebSocketConnector(options, redactor);
        var tokenService = new TokenService(connector.Handler, redactor, options.TimeProvider, options.ConnectTimeout);
        return new ClientContext
        {
            Options = options,
            Protocol = options.Service == SpeechService.DashScope ? new DashScopeProtocol() : new NlsProtocol(options),
            Connector = connector,
            Connect = _connect ?? connector.ConnectAsync,
            Tokens = new TokenCache(options.Credential, tokenService, redactor, _logger, options.TimeProvider, _disposed.Token),
            Redactor = redactor,
            Policy = new ConnectPolicy(options, _random),
            Logger = _logger,
            Spare = new SpareConnection(options.TimeProvider, _disposed.Token),
            Places = _places,
            RunContinuationsAsynchronously = _runContinuationsAsynchronously,
        };
    }

    private void Remove(TranscriptionSession ended)
    {
        _made.Remove(ended);
        _running.TryRemove(ended, out _);
    }

    private TranscriptionSession[] AbortSessions()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _context.Leave();
        }

        try
        {
            _disposed.Cancel();
        }
        catch (AggregateException exception)
        {
            // A callback failed that the credential's function has registered on its token. The sessions must be ended nevertheless.
            Log.CallbackFailed(_logger, exception);
        }

        TranscriptionSession[] sessions = [.. _running.Keys.Union(_made.Select(made => made.Key))];
        Array.ForEach(sessions, static session => session.Dispose());
        return sessions;
    }
}

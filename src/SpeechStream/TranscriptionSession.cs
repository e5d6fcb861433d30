using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session;

namespace SpeechStream;

/// <summary>
/// One transcription: audio goes in through <see cref="Audio"/>, events come out of <see cref="Events"/>. Made by a
/// <see cref="SpeechStreamClient"/>, started once, not reusable.
/// </summary>
/// <remarks>
/// <para>A lost connection is made again, and what isn't final yet is sent again: sentences, indices and times go on.</para>
/// <para>Four ways to end it: completing <see cref="Audio"/> drains (all that was written is sent and every final comes);
/// <see cref="StopAsync"/> drains within a time limit; cancelling the enumeration's token, <c>break</c>, and disposing abort at once.</para>
/// <para>Thread-safety: one caller writes audio and one enumerates, at the same time; everything else from any thread.</para>
/// </remarks>
/// <example>
/// <code>
/// await using var session = await client.StartSessionAsync(new() { EnableIntermediateResult = true });
/// var feeding = Task.Run(async () =>
/// {
///     try
///     {
///         await source.CopyToAsync(session.Audio);
///         await session.Audio.CompleteAsync();
///     }
///     catch (Exception e)
///     {
///         await session.Audio.CompleteAsync(e);     // a source that fails ends the session, and Events throws this
///     }
/// });
/// await foreach (var e in session.Events)
///     if (e is SentenceEnd s) Console.WriteLine($"{s.BeginTime}: {s.Text}");
/// </code>
/// </example>
public sealed class TranscriptionSession : IAsyncDisposable, IDisposable
{
    private readonly SessionContext _context;
    private readonly SessionLoop _loop;
    private readonly Action<TranscriptionSession> _started;
    private int _isEnumerated;

    internal TranscriptionSession(
        ClientContext client, TranscriptionOptions options, Action<TranscriptionSession> started, Action<TranscriptionSession> ended)
    {
        _started = started;
        _context = new SessionContext(client, options);
        client.Enter();
        _loop = new SessionLoop(_context, () =>
        {
            ended(this);
            client.Leave();
        });
    }

    /// <summary>Takes the audio, also before the session is started. Completing it is the end of the audio: the rest is sent and drained.</summary>
    /// <remarks>
    /// <para>A flush waits while more than 2 s of audio are unsent, or without a connection, while
    /// <see cref="SpeechStreamClientOptions.ReplayWindow"/> is full. After the end of the session it gives <c>IsCompleted</c>.</para>
    /// <para>Completing it with an exception aborts the session with that exception. A last half sample isn't sent.</para>
    /// <para>Audio whose first write begins with a RIFF header is refused, with an <see cref="ArgumentException"/> from the flush, unless the format is Wav.
    /// With <see cref="AudioFormat.Wav"/> the stream begins with a RIFF header, and a flush fails with an
    /// <see cref="ArgumentException"/> when its audio isn't 16-bit mono at <see cref="TranscriptionOptions.SampleRate"/>.</para>
    /// </remarks>
    public PipeWriter Audio => _context.Audio;

    /// <summary>What happens, in order; ends after <see cref="ChannelClosed"/>. For one consumer, once.</summary>
    /// <remarks>
    /// Before the session is started the enumeration waits. It ends normally only after <see cref="TranscriptionCompleted"/>.
    /// Ending it early, by <c>break</c> or its token, aborts the session.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The events are enumerated a second time.</exception>
    /// <exception cref="OperationCanceledException">The enumeration's token was cancelled, or that of <see cref="StartAsync"/>.</exception>
    /// <exception cref="ObjectDisposedException">The session or its client was disposed.</exception>
    /// <exception cref="SpeechStreamException">The session failed; thrown after <see cref="ChannelClosed"/>.</exception>
    public IAsyncEnumerable<TranscriptionEvent> Events => ReadEventsAsync();

    /// <summary>Completes when the session is over, however it ended. Never faults; what went wrong is in <see cref="SessionSummary.Error"/>.</summary>
    public Task<SessionSummary> Completion => _loop.Completion;

    /// <summary>Writes from a callback that can't wait, as those of sound cards. All of <paramref name="audio"/> is taken, or nothing.</summary>
    /// <param name="audio">Audio as the session's options say; copied at once.</param>
    /// <returns>False when it was dropped: <see cref="SpeechStreamClientOptions.ReplayWindow"/> is full of unsent audio, and an
    /// <see cref="AudioGap"/> will tell; or the audio or the session has ended.</returns>
    /// <exception cref="InvalidOperationException"><see cref="Audio"/> was written to before.</exception>
    public bool TryWriteAudio(ReadOnlySpan<byte> audio) => _context.Audio.TryWrite(audio);

    /// <summary>Connects and starts; returns when the service is ready. Failed attempts are retried as the client's options say.</summary>
    /// <param name="cancellationToken">Ends the session when it is cancelled before this returns. Means nothing afterwards.</param>
    /// <exception cref="InvalidOperationException">The session was started before: it is one task, make another session.</exception>
    /// <exception cref="ObjectDisposedException">The session or its client was disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    /// <exception cref="SpeechStreamException">The session failed; <see cref="Events"/> throws the same.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (!TryStart())
        {
            ObjectDisposedException.ThrowIf(_loop.Completion is { IsCompletedSuccessfully: true, Result.Error: ObjectDisposedException }, this);
            if (_loop.Completion is { IsCompletedSuccessfully: true, Result: { Error: { } error, Elapsed.Ticks: 0 } })
            {
                // It ended before it could be started, as by a source that failed.
                ExceptionDispatchInfo.Throw(error);
            }

            throw new InvalidOperationException("The session was started before. A session is one task: make another with CreateSession.");
        }

        using (AbortOn(cancellationToken))
        {
            await _loop.Started.ConfigureAwait(false);
        }

        // The token may have fired after the service was ready, and before it lost its meaning: then it has ended the session.
        if (_loop.AbortCause is OperationCanceledException canceled && canceled.CancellationToken == cancellationToken)
        {
            ExceptionDispatchInfo.Throw(canceled);
        }
    }

    /// <summary>Changes parameters of the running task, such as <c>max_sentence_silence</c>; the session repeats them after a reconnect.</summary>
    /// <param name="payload">Names and values as in the request. They are copied at once.</param>
    /// <param name="cancellationToken">Cancels the waiting only.</param>
    /// <returns>Completes when the message is on the wire; the service doesn't acknowledge it.</returns>
    /// <exception cref="ArgumentException">The payload has <c>format</c>, <c>sample_rate</c> or a name that begins with <c>tw_</c>.</exception>
    /// <exception cref="InvalidOperationException">The session isn't started, or over.</exception>
    public Task ControlAsync(IReadOnlyDictionary<string, JsonNode?> payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var control = new ControlPayload(payload);
        ThrowIfNotStarted();
        return _context.Controls.AddAsync(control).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the audio and waits until the service has confirmed the end, at most <see cref="SpeechStreamClientOptions.StopTimeout"/>
    /// whatever the network does; then the session is aborted.
    /// </summary>
    /// <param name="cancellationToken">Cancels the waiting only; the session goes on to drain.</param>
    /// <returns>What was done, and what was lost. Doesn't fault when the session failed.</returns>
    /// <exception cref="InvalidOperationException">The session isn't started.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    public async Task<SessionSummary> StopAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfNotStarted();
        await _context.Audio.CompleteAsync().ConfigureAwait(false);
        WarnOfBacklog();
        var (limit, time) = (_context.Client.Options.StopTimeout, _context.Client.Options.TimeProvider);
        try
        {
            return await Completion.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException exception)
        {
            _loop.Abort(
                new SpeechConnectionException($"The session wasn't drained within StopTimeout ({limit}) of StopAsync: what isn't final by now is lost. See AudioLost in the summary.", exception),
                discardEvents: false);
            return await Completion.ConfigureAwait(false);
        }
    }

    /// <summary>Aborts at once, without waiting for finals, and returns when nothing of the session is left. Does nothing after the end.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Completion.ConfigureAwait(false);
    }

    /// <summary>Aborts at once, without waiting for finals. Does nothing after the end.</summary>
    /// <remarks>Returns before the last of the session is gone; <see cref="Completion"/> tells when it is.</remarks>
    public void Dispose() => _loop.Abort(new ObjectDisposedException(nameof(TranscriptionSession), "The session was disposed."), discardEvents: true);

    /// <summary>Starts without waiting for the service; what goes wrong comes out of <see cref="Events"/>.</summary>
    internal void StartInBackground() => TryStart();

    /// <summary>Ends the session at once with an exception of the caller's.</summary>
    internal void Abort(Exception cause) => _loop.Abort(cause, discardEvents: true);

    private bool TryStart()
    {
        _started(this);
        return _loop.TryStart();
    }

    private CancellationTokenRegistration AbortOn(CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
        static (loop, token) => ((SessionLoop)loop!).Abort(new OperationCanceledException(token), discardEvents: true), _loop);

    private void ThrowIfNotStarted()
    {
        if (!_loop.IsStarted)
        {
            throw new InvalidOperationException("The session isn't started. Call StartAsync first.");
        }
    }

    /// <summary>What is written much faster than it is spoken can't be sent in the time that the caller gives.</summary>
    private void WarnOfBacklog()
    {
        var limit = _context.Client.Options.StopTimeout;
        if (_context.Rate?.ToTime(_context.Buffer.Unsent) is { } unsent && unsent / _context.Options.SendRate > limit)
        {
            Log.StoppedWithBacklog(_context.Client.Logger, limit, unsent);
        }
    }

    private async IAsyncEnumerable<TranscriptionEvent> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isEnumerated, 1) != 0)
        {
            throw new InvalidOperationException("The events were enumerated before. They are for one consumer, once: share what you read.");
        }

        // Not a token for each wait: that would cost an allocation for each event, and throw another exception than the one promised.
        using var cancel = AbortOn(cancellationToken);
        try
        {
            while (await _context.Events.WaitToReadAsync().ConfigureAwait(false))
            {
                while (_context.Events.TryRead(out var transcriptionEvent))
                {
                    yield return transcriptionEvent!;
                }
            }
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }
}

using System.IO.Pipelines;
using System.Runtime.ExceptionServices;
using System.Text.Json.Nodes;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session;

namespace SpeechStream;

/// <summary>
/// One transcription. The caller writes audio to <see cref="Audio"/> and reads <see cref="Events"/>. A <see cref="SpeechStreamClient"/> makes sessions; each can
/// be started only once.
/// </summary>
/// <remarks>
/// <para>When the connection is lost, the session reconnects and replays the audio that isn't final yet. Sentences, indices and times continue.</para>
/// <para>There are four ways to end it. Completing <see cref="Audio"/> drains the session: everything that was written is sent, and every final result comes.
/// <see cref="StopAsync"/> drains it within a time limit. Canceling the token of the enumeration or leaving it with <c>break</c>, and disposing the session, abort
/// it at once.</para>
/// <para>Thread safety: one thread may write audio while another enumerates. All other members may be called from any thread.</para>
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
    private int _isEnumerated;

    /// <param name="client">Was entered for this session, which leaves it at its end.</param>
    /// <param name="options">The session's, validated.</param>
    /// <param name="started">Called once, when it starts.</param>
    /// <param name="ended">Called once, when it is over.</param>
    /// <exception cref="ArgumentException">A parameter of the options can't be written.</exception>
    internal TranscriptionSession(
        ClientContext client, TranscriptionOptions options, Action<TranscriptionSession> started, Action<TranscriptionSession> ended)
    {
        try
        {
            _context = new SessionContext(client, options);
        }
        catch
        {
            client.Leave();
            throw;
        }

        _loop = new SessionLoop(
            _context,
            () => started(this),
            () =>
            {
                ended(this);
                client.Leave();
            });
    }

    /// <summary>Takes the audio, also before the session is started. Completing it ends the audio: the rest is sent, and the session drains.</summary>
    /// <remarks>
    /// <para>With a connection, a flush waits while more than 2 s of audio are unsent. Without one, it waits while unsent audio fills
    /// <see cref="SpeechStreamClientOptions.ReplayWindow"/>. After the end of the session it returns <c>IsCompleted</c>.</para>
    /// <para>Completing it with an exception aborts the session with that exception. Half a sample at the end isn't sent.</para>
    /// <para>If the audio begins with a RIFF header and the format isn't <see cref="AudioFormat.Wav"/>, the flush throws an <see cref="ArgumentException"/>. With
    /// <see cref="AudioFormat.Wav"/> the audio must begin with a RIFF header, and a flush throws an <see cref="ArgumentException"/> when the audio isn't 16-bit mono
    /// at <see cref="TranscriptionOptions.SampleRate"/>, or when another recording follows it.</para>
    /// </remarks>
    public PipeWriter Audio => _context.Audio;

    /// <summary>The events of the session in order. The last one is <see cref="ChannelClosed"/>. They can be enumerated only once.</summary>
    /// <remarks>
    /// An enumeration that begins before the session is started waits. It ends normally only after <see cref="TranscriptionCompleted"/>.
    /// Ending it early, with <c>break</c> or its cancellation token, aborts the session.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The events are enumerated a second time, or the next event is asked for while the wait for the one before goes on.</exception>
    /// <exception cref="OperationCanceledException">The cancellation token of the enumeration, or that of <see cref="StartAsync"/>, was canceled.</exception>
    /// <exception cref="ObjectDisposedException">The session or its client was disposed.</exception>
    /// <exception cref="SpeechStreamException">The session failed; thrown after <see cref="ChannelClosed"/>.</exception>
    public IAsyncEnumerable<TranscriptionEvent> Events => new EventSequence(this);

    /// <summary>Completes when the session is over, whatever ended it. It never fails; <see cref="SessionSummary.Error"/> says what went wrong.</summary>
    public Task<SessionSummary> Completion => _loop.Completion;

    /// <summary>Writes audio from a callback that can't wait, such as that of a sound card. Takes all of <paramref name="audio"/> or none of it.</summary>
    /// <param name="audio">Audio in the format of the session's options. It is copied at once.</param>
    /// <returns>False when the audio wasn't taken: either unsent audio fills <see cref="SpeechStreamClientOptions.ReplayWindow"/>, and an <see cref="AudioGap"/> will
    /// report this audio, or the audio or the session has ended.</returns>
    /// <exception cref="ArgumentException">A WAV header is missing or unexpected, or it is of audio that the session doesn't send.</exception>
    /// <exception cref="InvalidOperationException"><see cref="Audio"/> was written to before.</exception>
    public bool TryWriteAudio(ReadOnlySpan<byte> audio) => _context.Audio.TryWrite(audio);

    /// <summary>Connects, starts the session, and returns when the service is ready. Failed attempts are retried as the options of the client say.</summary>
    /// <param name="cancellationToken">Ends the session when it is canceled before this returns. It has no effect afterwards.</param>
    /// <exception cref="InvalidOperationException">The session was started before. Make another session with <see cref="SpeechStreamClient.CreateSession"/>.</exception>
    /// <exception cref="ObjectDisposedException">The session or its client was disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    /// <exception cref="SpeechStreamException">The session failed. <see cref="Events"/> throws the same exception.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (!_loop.TryStart())
        {
            if (_loop.EndedBeforeStart)
            {
                // For example because its source failed. Another thread may still be about to end it, so wait for the cause, which this throws.
                await _loop.Started.ConfigureAwait(false);
            }

            ObjectDisposedException.ThrowIf(_loop.AbortCause is ObjectDisposedException, this);
            throw new InvalidOperationException("The session was started before. A session is one task: make another with CreateSession.");
        }

        using (AbortOn(cancellationToken))
        {
            await _loop.Started.ConfigureAwait(false);
        }

        // The token may have been canceled after the service was ready but before the registration ended. Then it has ended the session.
        if (_loop.AbortCause is OperationCanceledException canceled && canceled.CancellationToken == cancellationToken)
        {
            ExceptionDispatchInfo.Throw(canceled);
        }
    }

    /// <summary>Changes parameters of the running task, such as <c>max_sentence_silence</c>. After a reconnect the new task starts with the changed parameters.</summary>
    /// <remarks>DashScope can change only <c>context</c>, what was said before, which is sent as <c>continue-task</c>.</remarks>
    /// <param name="payload">Names and values as in the request. They are copied at once.</param>
    /// <param name="cancellationToken">Cancels only the wait.</param>
    /// <returns>A task that completes when the message was sent. The service doesn't confirm it.</returns>
    /// <exception cref="ArgumentException">The payload has <c>format</c>, <c>sample_rate</c> or a name that begins with <c>tw_</c>, or the service can't change one of its parameters.</exception>
    /// <exception cref="InvalidOperationException">The session isn't started, or is over.</exception>
    public Task ControlAsync(IReadOnlyDictionary<string, JsonNode?> payload, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(payload);
        var control = new ControlPayload(payload);
        ThrowIfNotStarted();
        return _context.Controls.AddAsync(control).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Ends the audio and waits until the service has confirmed the end. If that takes longer than <see cref="SpeechStreamClientOptions.StopTimeout"/>, for whatever
    /// reason, the session is aborted.
    /// </summary>
    /// <remarks>
    /// Audio is sent in real time (see <see cref="TranscriptionOptions.SendRate"/>). If more is unsent than <see cref="SpeechStreamClientOptions.StopTimeout"/> has
    /// room for, the rest is lost: a warning says so when this is called, and <see cref="SessionSummary.AudioLost"/> says how much it was. To lose nothing,
    /// complete <see cref="Audio"/> and await <see cref="Completion"/> instead, which have no such limit.
    /// </remarks>
    /// <param name="cancellationToken">Cancels only the wait. The session continues to drain.</param>
    /// <returns>The summary of what was done and what was lost. This doesn't throw when the session has failed.</returns>
    /// <exception cref="InvalidOperationException">The session isn't started.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
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

    /// <summary>Aborts the session at once, without waiting for final results, and returns when all its tasks and sockets have ended. Does nothing after the end.</summary>
    public async ValueTask DisposeAsync()
    {
        Dispose();
        await Completion.ConfigureAwait(false);
    }

    /// <summary>Aborts the session at once, without waiting for final results. Does nothing after the end.</summary>
    /// <remarks>This may return before all tasks and sockets of the session have ended. <see cref="Completion"/> completes when they have.</remarks>
    public void Dispose()
    {
        // After the end, a consumer may still read what the session has said, and why it failed.
        if (!Completion.IsCompleted)
        {
            _loop.Abort(new ObjectDisposedException(nameof(TranscriptionSession), "The session was disposed."), discardEvents: true);
        }
    }

    /// <summary>Starts the session without waiting for the service. <see cref="Events"/> throws what goes wrong.</summary>
    internal void StartInBackground() => _loop.TryStart();

    /// <summary>Ends the session at once with an exception that <see cref="Events"/> throws.</summary>
    internal void Abort(Exception cause) => _loop.Abort(cause, discardEvents: true);

    private CancellationTokenRegistration AbortOn(CancellationToken cancellationToken) => cancellationToken.UnsafeRegister(
        static (loop, token) => ((SessionLoop)loop!).Abort(new OperationCanceledException(token), discardEvents: true), _loop);

    private void ThrowIfNotStarted()
    {
        if (!_loop.IsStarted)
        {
            throw new InvalidOperationException("The session isn't started. Call StartAsync first.");
        }
    }

    /// <summary>Logs a warning when more audio is unsent than can be sent within StopTimeout, as when a file is written faster than real time.</summary>
    private void WarnOfBacklog()
    {
        var limit = _context.Client.Options.StopTimeout;
        if (_context.Rate?.ToTime(_context.Buffer.Unsent) is { } unsent && unsent / _context.Options.SendRate > limit)
        {
            Log.StoppedWithBacklog(_context.Client.Logger, limit, unsent);
        }
    }

    private async IAsyncEnumerator<TranscriptionEvent> ReadEventsAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isEnumerated, 1) != 0)
        {
            throw new InvalidOperationException("The events were enumerated before. They are for one consumer, once: share what you read.");
        }

        // Register once instead of passing the token to each wait, which would allocate for each event and throw an exception with another token.
        using var cancel = AbortOn(cancellationToken);
        try
        {
            while (true)
            {
                while (_context.Events.TryRead(out var transcriptionEvent))
                {
                    yield return transcriptionEvent!;
                }

                if (_context.Events.IsOver())
                {
                    break;
                }

                await _context.Events.WaitAsync().ConfigureAwait(false);
            }
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    private sealed class EventSequence(TranscriptionSession session) : IAsyncEnumerable<TranscriptionEvent>
    {
        public IAsyncEnumerator<TranscriptionEvent> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
            new EventEnumerator(session.ReadEventsAsync(cancellationToken));
    }
}

using Microsoft.Extensions.Logging;
using SpeechStream.Audio.Replay;
using SpeechStream.Audio.Sending;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Connecting;
using SpeechStream.Session.Events;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connection;

/// <summary>Runs one connection and the task on it. Everything that belongs to them is made here and ends with this object.</summary>
/// <remarks>
/// Two tasks run: one sends (<see cref="AudioSender"/>) and one receives (<see cref="EventReceiver"/>). When one fails or the receiver ends, the other is ended.
/// Both are awaited.
/// </remarks>
internal sealed class ConnectionPump : IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(1);

    // After a failed send the receiver gets this long, because the service may have sent the reason before it closed the connection (PROTOCOL 3.4).
    private static readonly TimeSpan ReasonTimeout = TimeSpan.FromSeconds(1);

    // .NET notices a missing pong up to a second late; one more second is spare.
    private static readonly TimeSpan PingSlack = TimeSpan.FromSeconds(2);

    private readonly SessionContext _session;
    private readonly IConnection _connection;
    private readonly ISpeechTask _task;
    private readonly TaskMessages _messages;
    private readonly ConnectionTimer _timer;
    private readonly TimeProvider _time;
    private readonly long _connectedAt;
    private readonly int _sentencesBefore;

    // Null until the task has started.
    private SendCursor? _cursor;
    private Timeline? _timeline;
    private WireAudio? _wire;
    private volatile SpeechConnectionException? _stopTimedOut;

    public ConnectionPump(SessionContext session, IConnection connection, SpeechToken token)
    {
        (_session, _connection, Token) = (session, connection, token);
        _time = session.Client.Options.TimeProvider;

        // The client's redactor remembers only the newest tokens, and a connection may live longer than its token stays among them.
        _task = session.Request.CreateTask(session.Client.Redactor.Including(token.Id));
        _messages = new TaskMessages(connection, _task, session.Statistics, session.Client.Logger);
        _timer = new ConnectionTimer(_time, session.Client.Options.StopTimeout, session.Work, OnStopTimedOut);
        _connectedAt = _time.GetTimestamp();
        _sentencesBefore = session.History.Sentences;
    }

    public string TaskId => _task.TaskId;

    /// <summary>The token that this connection was made with.</summary>
    public SpeechToken Token { get; }

    /// <summary>The id that the service gave the session; null when it gave none.</summary>
    public string? SessionId { get; private set; }

    public Closed Closed => _connection.Closed;

    private ILogger Logger => _session.Client.Logger;

    /// <summary>Starts the task, and returns this when the service is ready for audio: it refuses audio that comes earlier (PROTOCOL 4).</summary>
    /// <exception cref="SpeechStreamException">The task failed, or the connection ended.</exception>
    public async ValueTask<ConnectionPump> StartAsync(CancellationToken cancellationToken)
    {
        using var abort = AbortOn(cancellationToken);
        try
        {
            // The start message contains the control messages that wait at this point, so they aren't sent again.
            var merged = _session.Controls.Count;
            await _connection.SendAsync(_task.WriteStart(), isText: true).ConfigureAwait(false);
            _session.Controls.MarkSent(merged);
            while (true)
            {
                if (!_messages.TryRead(await _messages.ReceiveAsync().ConfigureAwait(false)))
                {
                    continue;
                }

                var serverEvent = _messages.Current.Event;
                if (serverEvent == ServerEvent.Started)
                {
                    break;
                }

                if (serverEvent == ServerEvent.TaskFailed)
                {
                    throw _messages.Current.Failure!;
                }

                // No other event is expected before the start (PROTOCOL 3.4). It can't be a result of audio that wasn't sent, so it is ignored.
                Log.UnexpectedBeforeStart(Logger, TaskId, serverEvent);
            }

            SessionId = _messages.Current.SessionId;
            return this;
        }
        catch (SpeechStreamException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Sends and receives until the task is complete or the connection is lost.</summary>
    /// <param name="catchesUp">Whether audio that an outage has delayed is sent at the catch-up rate.</param>
    /// <param name="aborted">Ends the connection at once.</param>
    /// <returns>Null when the task is complete; otherwise why the connection was lost.</returns>
    public async Task<SpeechStreamException?> RunAsync(bool catchesUp, CancellationToken aborted)
    {
        using var abort = AbortOn(aborted);
        var sender = Attach(catchesUp, out var receiver);
        var sending = sender.RunAsync();
        var receiving = receiver.RunAsync();
        var first = await Task.WhenAny(sending, receiving).ConfigureAwait(false);
        if (first == sending && !HasSucceeded(sending))
        {
            // The service may have said why it closed the connection, which tells more than the failed send.
            await ((Task)receiving.WaitAsync(ReasonTimeout, _time, aborted)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _connection.Abort();
        }

        await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _timer.End();
        if (!HasSucceeded(receiving))
        {
            // The sender may be waiting in a send, which this ends, or for work, which sender.End() ends.
            _connection.Abort();
        }

        sender.End();
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (_session.Client.RunContinuationsAsynchronously)
        {
            // After a failed send this may run on the caller's thread, inside a flush. The flush must not wait for what follows.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }

        if (sending.IsFaulted)
        {
            // This is a bug in the library, and another connection wouldn't repair it.
            await sending.ConfigureAwait(false);
        }

        // If the service confirmed the end, the task is complete, even when the stop timed out at the same moment or the send of the stop message failed.
        return await receiving.ConfigureAwait(false) is { } failure ? (_stopTimedOut ?? failure).In(TaskId) : null;

        static bool HasSucceeded(Task<SpeechStreamException?> task) => task is { IsCompletedSuccessfully: true, Result: null };
    }

    /// <summary>Describes the connection that was lost. Must be called before <see cref="Rewind"/>, which changes what it reads.</summary>
    public LostConnection DescribeLoss() => new()
    {
        Life = _time.GetElapsedTime(_connectedAt),
        BroughtFinal = _session.History.Sentences > _sentencesBefore,
        HeardSilence = _cursor!.HasHeardSilence,
        HasSentence = _timeline!.HasSentence,
        HasUnsent = _cursor.HasUnsent,
        IsAudioOver = _cursor.IsAudioOver,
        IsConsumerBehind = _session.Events.IsFull,
        CatchesUp = _cursor.CatchesUp,
        SentUnrepeatable = _session.Rate is null && _cursor.Sent > 0,
    };

    /// <summary>Goes back to the audio that isn't acknowledged, which the next connection replays.</summary>
    /// <param name="skipsZeros">Whether the service ended the task because it heard no speech.</param>
    /// <returns>The audio that no final result will cover.</returns>
    public IReadOnlyList<Gap> Rewind(bool skipsZeros) => _cursor!.Rewind(_timeline!.Close(), skipsZeros);

    /// <summary>Acknowledges all audio, after the service has confirmed the end of the task.</summary>
    /// <returns>The audio that no final result covers.</returns>
    public IReadOnlyList<Gap> Complete() => _cursor!.Complete(_timeline!.Close());

    /// <summary>Closes the connection after a complete task: the client does so, not the service (PROTOCOL 5.4).</summary>
    public Task CloseAsync() => _connection.CloseAsync(CloseTimeout);

    public void Dispose()
    {
        _timer.Dispose();
        _connection.Dispose();

        // Last, since it is the caller's code, which may throw.
        _wire?.Dispose();
    }

    private CancellationTokenRegistration AbortOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static connection => ((IConnection)connection!).Abort(), _connection);

    /// <summary>Makes the parts of the running task, and takes over the audio.</summary>
    private AudioSender Attach(bool catchesUp, out EventReceiver receiver)
    {
        var (session, options) = (_session, _session.Options);
        _cursor = session.Buffer.OpenCursor(catchesUp, deadAfter: session.Client.Options.PingInterval + session.Client.Options.PingTimeout + PingSlack);
        var clock = new TaskClock(session.Rate, new(_cursor.Sent), session.From.Time);
        _timeline = new Timeline(TaskId, clock, session.History, end => session.Buffer.LatencyAt(end.Bytes));
        var filler = session.Rate is { } rate && options.SilenceAfter != Timeout.InfiniteTimeSpan ? new SilenceFiller(rate, options.SilenceAfter, _time) : null;
        receiver = new EventReceiver(TaskId, _messages, _timeline, _cursor, _timer, session.Events, session.Telemetry, Logger);
        _wire = new WireAudio(_connection, options.Encoder?.CreateStream(options.SampleRate));
        return new AudioSender(
            _connection, _task, _wire, _cursor, clock, filler, _timer, session.Controls, session.Events, session.Audio, session.Work, session.Statistics, Logger);
    }

    private void OnStopTimedOut()
    {
        _stopTimedOut = new SpeechConnectionException(
            $"The service was silent for StopTimeout ({_session.Client.Options.StopTimeout}) after the stop: what isn't final by now is lost. See AudioLost in the summary.");
        _connection.Abort();
    }
}

using Microsoft.Extensions.Logging;
using SpeechStream.Audio;
using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Session.Connecting;
using SpeechStream.Session.Events;
using SpeechStream.Transport;

namespace SpeechStream.Session.Connection;

/// <summary>One connection and the task on it. Everything that belongs to them is made here and ends with this object.</summary>
/// <remarks>
/// Two tasks run, one that sends (<see cref="AudioSender"/>) and one that receives (<see cref="EventReceiver"/>). The first to fail, or the receiver's end,
/// ends the other; both are awaited.
/// </remarks>
internal sealed class ConnectionPump : IDisposable
{
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(1);

    // After a failed send, what the service said before it hung up may still be waiting to be read.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    // .NET finds a missing pong up to a second late.
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
    private volatile SpeechConnectionException? _stopTimedOut;

    public ConnectionPump(SessionContext session, IConnection connection, SpeechToken token)
    {
        (_session, _connection, Token) = (session, connection, token);
        _time = session.Client.Options.TimeProvider;

        // The client's redactor remembers some tokens only, and a connection may outlive many.
        _task = session.Request.CreateTask(session.Client.Redactor.Including(token.Id));
        _messages = new TaskMessages(connection, _task, session.Client.Logger);
        _timer = new ConnectionTimer(_time, session.Client.Options.StopTimeout, session.Work, OnStopTimedOut);
        _connectedAt = _time.GetTimestamp();
        _sentencesBefore = session.History.Sentences;
    }

    public string TaskId => _task.TaskId;

    /// <summary>The token that this connection was made with.</summary>
    public SpeechToken Token { get; }

    /// <summary>The service's id of the session; null where it gives none.</summary>
    public string? SessionId { get; private set; }

    public Closed Closed => _connection.Closed;

    private ILogger Logger => _session.Client.Logger;

    /// <summary>Starts the task; returns when the service is ready for audio.</summary>
    /// <exception cref="SpeechStreamException">It isn't, or the connection ended.</exception>
    public async ValueTask<bool> StartAsync(CancellationToken cancellationToken)
    {
        using var abort = AbortOn(cancellationToken);
        try
        {
            // The start message holds these, so that they need no message of their own.
            var merged = _session.Controls.Count;
            await _connection.SendAsync(_task.WriteStart(), isText: true).ConfigureAwait(false);
            _session.Controls.MarkSent(merged);
            while (await _messages.ReadAsync().ConfigureAwait(false) is var serverEvent && serverEvent != ServerEvent.Started)
            {
                if (serverEvent == ServerEvent.TaskFailed)
                {
                    throw _messages.Current.Failure!;
                }

                // Whatever else comes before the task has started has nothing to do with it.
                Log.UnexpectedBeforeStart(Logger, TaskId, serverEvent);
            }

            SessionId = _messages.Current.SessionId;
            return true;
        }
        catch (SpeechStreamException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Sends and receives until the task is complete or the connection is lost.</summary>
    /// <param name="isHurried">Audio that was held back is sent at the catch-up rate.</param>
    /// <param name="aborted">Ends the connection at once.</param>
    /// <returns>Null when it is complete; otherwise the reason.</returns>
    public async Task<SpeechStreamException?> RunAsync(bool isHurried, CancellationToken aborted)
    {
        using var abort = AbortOn(aborted);
        var sender = Attach(isHurried, out var receiver);
        var sending = sender.RunAsync();
        var receiving = receiver.RunAsync();
        var first = await Task.WhenAny(sending, receiving).ConfigureAwait(false);
        if (_session.Client.RunContinuationsAsynchronously)
        {
            // A failed send may have brought us here on the caller's thread, in a flush; it has nothing to do with what comes now.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }

        if (first == sending && !IsGood(sending))
        {
            await ((Task)receiving.WaitAsync(LastWords, _time, aborted)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _connection.Abort();
        }

        await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _timer.End();
        if (!IsGood(receiving))
        {
            // The sender waits for one of two things: a send, which this ends, or work, which the next line gives it.
            _connection.Abort();
        }

        sender.End();
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (sending.IsFaulted)
        {
            // A bug, and no loss that another connection would mend.
            await sending.ConfigureAwait(false);
        }

        // A confirmed end counts, also when it came at the instant of the time-out or the send of the stop failed after all.
        return await receiving.ConfigureAwait(false) is { } failure ? (_stopTimedOut ?? failure).In(TaskId) : null;

        static bool IsGood(Task<SpeechStreamException?> task) => task is { IsCompletedSuccessfully: true, Result: null };
    }

    /// <summary>What is known of the connection, which is lost: asked for before <see cref="Rewind"/>.</summary>
    public LostConnection DescribeLoss() => new()
    {
        Life = _time.GetElapsedTime(_connectedAt),
        BroughtFinal = _session.History.Sentences > _sentencesBefore,
        HeardSilence = _cursor!.HasHeardSilence,
        HasSentence = _timeline!.HasSentence,
        HasUnsent = _cursor.HasUnsent,
        IsAudioOver = _cursor.IsAudioOver,
        IsConsumerBehind = _session.Events.IsFull,
        IsHurried = _cursor.IsHurried,
        SentUnrepeatable = _session.Rate is null && _cursor.Sent > 0,
    };

    /// <summary>Goes back to what isn't final, for the next connection.</summary>
    /// <param name="skipsZeros">The service ended the task for want of speech.</param>
    /// <returns>What no final will cover.</returns>
    public IReadOnlyList<Gap> Rewind(bool skipsZeros) => _cursor!.Rewind(_timeline!.Close(), skipsZeros);

    /// <summary>The service confirmed the end of the task.</summary>
    /// <returns>What no final will cover.</returns>
    public IReadOnlyList<Gap> Complete() => _cursor!.Complete(_timeline!.Close());

    /// <summary>Says goodbye after a complete task.</summary>
    public Task CloseAsync() => _connection.CloseAsync(LongestGoodbye);

    public void Dispose()
    {
        _timer.Dispose();
        _connection.Dispose();
    }

    private CancellationTokenRegistration AbortOn(CancellationToken cancellationToken) =>
        cancellationToken.UnsafeRegister(static connection => ((IConnection)connection!).Abort(), _connection);

    /// <summary>Makes what the running task consists of, and takes over the audio.</summary>
    private AudioSender Attach(bool isHurried, out EventReceiver receiver)
    {
        var (session, options) = (_session, _session.Options);
        _cursor = session.Buffer.OpenCursor(isHurried, HeardAfter(session.Client.Options));
        session.Audio.ReleaseFlushIfRoom();
        var clock = new TaskClock(session.Rate, new(_cursor.Sent));
        _timeline = new Timeline(TaskId, clock, session.History, end => session.Buffer.LatencyAt(end.Bytes));
        var filler = session.Rate is { } rate && options.SilenceAfter != Timeout.InfiniteTimeSpan ? new SilenceFiller(rate, options.SilenceAfter, _time) : null;
        receiver = new EventReceiver(TaskId, _messages, _timeline, _cursor, _timer, session.Events, session.Telemetry, Logger);
        return new AudioSender(
            _connection, _task, _cursor, clock, filler, _timer, session.Controls, session.Events, session.Audio, session.Work, session.Statistics, Logger);
    }

    /// <summary>A dead peer hears nothing: silence counts as heard only when a ping that was sent after it must have been answered, or the connection would be lost.</summary>
    private static TimeSpan HeardAfter(SpeechStreamClientOptions options)
    {
        var found = options.PingInterval + options.PingTimeout + PingSlack;
        return found > ListenedAudio.LeastHeardAfter ? found : ListenedAudio.LeastHeardAfter;
    }

    private void OnStopTimedOut()
    {
        _stopTimedOut = new SpeechConnectionException(
            $"The service was silent for StopTimeout ({_session.Client.Options.StopTimeout}) after the stop: what isn't final by now is lost. See AudioLost in the summary.");
        _connection.Abort();
    }
}

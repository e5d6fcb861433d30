using SpeechStream.Diagnostics;
using SpeechStream.Protocol;
using SpeechStream.Transport;

namespace SpeechStream.Session;

/// <summary>One connection and the task on it: it sends the audio and takes the events, until either ends. Lives as long as the connection.</summary>
/// <remarks>Two tasks run, one that sends and one that receives. The first to fail, or the receiver's end, ends the other; both are awaited.</remarks>
internal sealed partial class ConnectionPump : IDisposable
{
    private static readonly TimeSpan LongestGoodbye = TimeSpan.FromSeconds(1);

    // After a failed send, what the service said before it hung up may still be waiting to be read.
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly SessionParts _parts;
    private readonly IConnection _connection;
    private readonly TimeProvider _time;
    private readonly TaskClock _clock;
    private readonly ISpeechTask _task;
    private readonly ServerMessage _message = new();
    private readonly ITimer _timer;
    private readonly long _connectedAt;

    // Finals before this connection.
    private readonly int _sentencesBefore;

    private volatile bool _over;

    public ConnectionPump(SessionParts parts, IConnection connection, SpeechToken token)
    {
        _parts = parts;
        _connection = connection;
        Token = token;
        _time = parts.Client.Options.TimeProvider;
        _task = parts.Request.CreateTask(parts.Client.Redactor);
        _clock = new TaskClock(parts.Rate);
        _connectedAt = _time.GetTimestamp();
        _sentencesBefore = parts.Timeline.Sentences;
        _timer = _time.CreateTimer(static pump => ((ConnectionPump)pump!).TimerFired(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string TaskId => _task.TaskId;

    /// <summary>The token that this connection was made with.</summary>
    public SpeechToken Token { get; }

    /// <summary>The service's id of the session; null where it gives none.</summary>
    public string? SessionId { get; private set; }

    public TimeSpan Life => _time.GetElapsedTime(_connectedAt);

    public bool BroughtFinal => _parts.Timeline.Sentences > _sentencesBefore;

    public Closed Closed => _connection.Closed;

    /// <summary>Starts the task: returns, itself, when the service is ready for audio.</summary>
    public async ValueTask<ConnectionPump> StartAsync(CancellationToken cancellationToken)
    {
        using var abort = cancellationToken.UnsafeRegister(static connection => ((IConnection)connection!).Abort(), _connection);
        try
        {
            var controls = _parts.Controls.Count;
            await _connection.SendAsync(_task.WriteStart(), isText: true).ConfigureAwait(false);
            _parts.Controls.Sent(controls);
            while (await NextMessageAsync().ConfigureAwait(false) != ServerEvent.Started)
            {
                // Whatever else comes before the task is started has nothing to do with it.
                Log.UnexpectedBeforeStart(_parts.Client.Logger, TaskId, _message.Event);
            }

            SessionId = _message.SessionId;
            return this;
        }
        catch (SpeechStreamException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    /// <summary>Sends and receives until the task is complete (null) or the connection is lost (the reason).</summary>
    public async Task<SpeechStreamException?> RunAsync(CancellationToken aborted)
    {
        using var abort = aborted.UnsafeRegister(static connection => ((IConnection)connection!).Abort(), _connection);
        _parts.Timeline.BeginTask(TaskId, _clock);
        _parts.Buffer.Connected();
        _parts.Audio.Connected(true);

        var sending = SendUntilStopAsync();
        var receiving = ReceiveUntilEndAsync();
        if (await Task.WhenAny(sending, receiving).ConfigureAwait(false) == sending && !IsGood(sending))
        {
            await ((Task)receiving.WaitAsync(LastWords, _time, aborted)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _connection.Abort();
        }

        await ((Task)receiving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _over = true;
        if (!IsGood(receiving))
        {
            // The sender waits for one of two things: a send, which this ends, or work, which the signal is.
            _connection.Abort();
        }

        _parts.Work.Set();
        await ((Task)sending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _stopTimedOut ?? await receiving.ConfigureAwait(false) ?? await sending.ConfigureAwait(false);

        static bool IsGood(Task<SpeechStreamException?> task) => task is { IsCompletedSuccessfully: true, Result: null };
    }

    /// <summary>Says goodbye after a complete task.</summary>
    public Task CloseAsync() => _connection.CloseAsync(LongestGoodbye);

    public void Dispose()
    {
        _timer.Dispose();
        _connection.Dispose();
    }
}
